#!/bin/sh
# First process of a test host (docker-host.ts), in network, mount and PID namespaces of its own: a machine with sshd,
# dockerd and the user oneadmin, on the file system of the machine that tests. All of it ends with this process.
#   docker-host-init.sh DIRECTORY ADDRESS/PREFIX CGROUP HOST_FILES docker|podman|remapped|rootless
set -eu
dir=$1 address=$2 cgroup=$3 host_files=$4 engine=$5

mount -t tmpfs tmpfs /run
mkdir /run/lock /run/cgroup
chmod 1777 /run/lock
# /sys shows the network devices of whoever mounted it.
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/cgroup /sys/fs/cgroup
umount -l /run/cgroup
for place in etc usr/lib var/lib; do
  layer=$dir/layers/$place
  mkdir -p "$layer/upper" "$layer/work"
  mount -t overlay overlay -o "lowerdir=/$place,upperdir=$layer/upper,workdir=$layer/work" "/$place"
done

mkdir -p "$dir/one/.ssh" "$dir/one/datastores" "$dir/docker" "$dir/onedock" /var/lib/one /var/lib/onedock /usr/lib/onedock /run/sshd
cp "$dir/user_key.pub" "$dir/one/.ssh/authorized_keys"
mount --bind "$dir/one" /var/lib/one
mount --bind "$dir/onedock" /var/lib/onedock
# As systemd has it.
mount --make-rshared /
getent group docker >/dev/null || echo 'docker:x:994:' >>/etc/group
groupadd -g 9869 oneadmin
useradd -u 9869 -g oneadmin -G docker -d /var/lib/one -s /bin/bash -p '*' oneadmin
chown -R oneadmin:oneadmin /var/lib/one
cp "$host_files"/* /usr/lib/onedock/
chmod 0755 /usr/lib/onedock/*
echo 'oneadmin ALL=(root) NOPASSWD: /usr/lib/onedock/onedock-host-helper' >/etc/sudoers.d/onedock

ip link set lo up
while ! ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip address add "$address" dev eth0
ip link set eth0 up
ip link add eth1 type veth peer name wire1
ip link set eth1 up
ip link set wire1 up

# Docker takes a registry of its own machine without TLS.
cat >"$dir/registry.yml" <<END
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $dir/registry } }
http: { addr: 127.0.0.1:5000 }
END
docker-registry serve "$dir/registry.yml" >"$dir/registry.log" 2>&1 &

/usr/sbin/sshd -f "$dir/sshd_config" -E "$dir/sshd.log"
case $engine in
  docker | remapped)
    [ "$engine" = docker ] && remap= || remap=--userns-remap=default
    # For checkpoints. CRIU does not follow the link that Debian has as docker-init.
    init=$(readlink -f "$(command -v docker-init)")
    # The engine's own containerd has VMs share shims, as on hosts of a sandbox. Tests may put a shim between.
    mkdir -p /usr/lib/onedock/containerd/bin /run/shims
    ln -s /usr/lib/onedock/onedock-shim /usr/lib/onedock/containerd/bin/containerd-shim-runc-v2
    PATH=/usr/lib/onedock/containerd/bin:/run/shims:$PATH \
    dockerd --data-root "$dir/docker" --exec-root /run/docker --pidfile /run/docker.pid --host unix:///run/docker.sock \
      --group docker --cgroup-parent "$cgroup" --bridge none --iptables=false --ip-forward=false --ip-masq=false $remap \
      --experimental ${init:+--init-path "$init"} \
      >"$dir/dockerd.log" 2>&1 &
    ;;
  podman | rootless)
    mkdir -p /etc/containers/registries.conf.d
    printf '[[registry]]\nlocation = "localhost:5000"\ninsecure = true\n' >/etc/containers/registries.conf.d/onedock.conf
    as= place=/run/engine
    mkdir -p "$place"
    if [ "$engine" = rootless ]; then
      useradd -m -d "$dir/vms" vms
      chown vms "$dir/docker" "$place"
      as="setpriv --reuid vms --regid vms --init-groups env HOME=$dir/vms XDG_RUNTIME_DIR=$place"
    fi
    # What it starts leaves files where it was started, and what it is sent where TMPDIR says.
    mkdir -m 1777 "$dir/tmp"
    export TMPDIR="$dir/tmp"
    cd "$place"
    $as podman --root "$dir/docker" --runroot "$place/containers" --storage-driver overlay --cgroup-manager cgroupfs --runtime runc \
      system service --time 0 "unix://$place/docker.sock" >"$dir/dockerd.log" 2>&1 &
    echo $! >/run/docker.pid
    until [ -S "$place/docker.sock" ]; do sleep 0.05; done
    chgrp docker "$place/docker.sock"
    chmod 0660 "$place/docker.sock"
    ln -s "$place/docker.sock" /run/docker.sock
    ;;
esac
until curl -sf --unix-socket /run/docker.sock http://docker/_ping >/dev/null; do sleep 0.05; done
echo ready
wait
