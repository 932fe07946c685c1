/**
 * The configuration files of an OpenNebula 7.4 in the form of the packages' own, shortened: banners, entries that are
 * commented out, comments inside vectors, values over several lines and vectors that end in their last line.
 */

export const ONED_CONF = `#*******************************************************************************
#                       OpenNebula Configuration file
#*******************************************************************************

#*******************************************************************************
# Daemon configuration attributes
#*******************************************************************************

LOG = [
  SYSTEM      = "file",
  DEBUG_LEVEL = 3,
  USE_VMS_LOCATION = "NO"
]

#MONITORING_INTERVAL_HOST      = 180
MONITORING_INTERVAL_DATASTORE = 300

SCRIPTS_REMOTE_DIR=/var/tmp/one

DB = [ BACKEND = "sqlite",
       TIMEOUT = 2500 ]

# Sample configuration for MySQL
# DB = [ BACKEND = "mysql",
#        SERVER  = "localhost",
#        PASSWD  = "oneadmin" ]

VNC_PORTS = [
    START    = 5900,
    RESERVED = "32768:65536"
    # RESERVED = "6800, 6801, 6810:6820, 9869"
]

# HOSTNAME = "one.example.org"
PORT = 2633
LISTEN_ADDRESS = "0.0.0.0"

#DATASTORE_LOCATION  = /var/lib/one/datastores
DATASTORE_CAPACITY_CHECK = "yes"

IM_MAD = [
      NAME       = "monitord",
      EXECUTABLE = "onemonitord",
      ARGUMENTS  = "-c monitord.conf",
      THREADS    = 8 ]

#-------------------------------------------------------------------------------
#  KVM Virtualization Driver Manager Configuration
#-------------------------------------------------------------------------------
VM_MAD = [
    NAME           = "kvm",
    SUNSTONE_NAME  = "KVM",
    EXECUTABLE     = "one_vmm_exec",
    ARGUMENTS      = "-t 15 -r 0 kvm -p",
    DEFAULT        = "vmm_exec/vmm_exec_kvm.conf",
    TYPE           = "kvm",
    KEEP_SNAPSHOTS = "yes",
    LIVE_RESIZE    = "yes"
]

VM_MAD = [
    NAME           = "lxc",
    SUNSTONE_NAME  = "LXC",
    EXECUTABLE     = "one_vmm_exec",
    ARGUMENTS      = "-t 15 -r 0 lxc",
    # DEFAULT        = "vmm_exec/vmm_exec_lxc.conf",
    TYPE           = "xml",
    KEEP_SNAPSHOTS = "no"
]

#-------------------------------------------------------------------------------
#  Dummy Virtualization Driver Configuration
#-------------------------------------------------------------------------------
#VM_MAD = [ NAME="dummy", SUNSTONE_NAME="Testing", EXECUTABLE="one_vmm_dummy",
#   TYPE="xml" ]

TM_MAD = [
    EXECUTABLE = "one_tm",
    ARGUMENTS = "-t 15 -d dummy,lvm,shared,fs_lvm,fs_lvm_ssh,qcow2,ssh,local,ceph,dev"
]

DATASTORE_MAD = [
    EXECUTABLE = "one_datastore",
    ARGUMENTS  = "-t 15 -d dummy,fs,lvm,ceph,dev,restic,rsync -s dummy,lvm,shared,ssh,local,ceph,fs_lvm,qcow2"
]

HM_MAD = [
    EXECUTABLE = "one_hm",
    ARGUMENTS = "-p 2101 -l 2102 -b 127.0.0.1"]

AUTH_MAD = [
    EXECUTABLE = "one_auth_mad",
    AUTHN = "ssh,x509,ldap,server_cipher,server_x509,saml"
]

VM_ADMIN_OPERATIONS  = "migrate, delete, recover, retry, deploy, resched,
    backup, restore"
VM_USE_OPERATIONS    = ""

VM_RESTRICTED_ATTR = "CONTEXT/FILES"
VM_RESTRICTED_ATTR = "NIC/MAC"
IMAGE_RESTRICTED_ATTR = "SOURCE"

INHERIT_IMAGE_ATTR      = "DISK_TYPE"

TM_MAD_CONF = [
    NAME = "dummy", LN_TARGET = "NONE", CLONE_TARGET = "SYSTEM", SHARED = "YES",
    DS_MIGRATE = "YES"
]

TM_MAD_CONF = [
    NAME = "local", LN_TARGET = "SYSTEM", CLONE_TARGET = "SYSTEM", SHARED = "NO",
    ALLOW_ORPHANS = "FORMAT", DS_MIGRATE = "YES", DS_LIVE_MIGRATE = "YES"
]

DS_MAD_CONF = [
    NAME = "fs", REQUIRED_ATTRS = "", PERSISTENT_ONLY = "NO",
    MARKETPLACE_ACTIONS = "export"
]

VN_MAD_CONF = [
    NAME = "bridge",
    BRIDGE_TYPE = "linux"
]
`;

export const MONITORD_CONF = `#*******************************************************************************
#                       Monitord Configuration file
#*******************************************************************************

#MANAGER_TIMER = 15

DB = [
  CONNECTIONS = 15
]

NETWORK = [
    ADDRESS         = "::",
    MONITOR_ADDRESS = "auto",
    PORT    = 4124,
    THREADS = 8,
    PUBKEY  = "",
    PRIKEY  = ""
]

PROBES_PERIOD = [
    BEACON_HOST    = 30,
    SYSTEM_HOST    = 600
]

IM_MAD = [
    NAME          = "kvm",
    SUNSTONE_NAME = "KVM",
    EXECUTABLE    = "one_im_ssh",
    ARGUMENTS     = "-r 3 -t 15 -w 90 kvm",
    THREADS       = 0
]
`;

export const VMM_EXECRC = `# Space separated list of VMM-TM pairs that support live disk snapshots.
LIVE_DISK_SNAPSHOTS="kvm-qcow2 kvm-shared kvm-ceph kvm-ssh kvm-local"

# Space separated list VNM_MAD-ACTION pairs that run locally
VNMAD_LOCAL_ACTIONS="elastic-post elastic-clean"
`;
