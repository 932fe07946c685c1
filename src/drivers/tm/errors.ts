/** What can go wrong when disks and directories of VMs are moved. */
import { catalogue } from '../../errors/onedock-error.ts';

interface AtPath {
  readonly place: string;
  readonly path: string;
}

export const fail = catalogue({
  LOCATION_INVALID: {
    what: (at: { text: string }) => `'${at.text}' is no place of a file.`,
    why: 'Transfer drivers are given places as <host>:<absolute path>.',
    todo: 'Use the drivers with a front-end of OpenNebula 7, which gives them so.',
  },
  PATH_NOT_OF_VM: {
    what: (at: AtPath & { vmId: string }) => `${at.path} on ${at.place} is left alone: it is no path of VM ${at.vmId}.`,
    why: 'Files of a VM lie in <datastores>/<datastore id>/<VM id>.',
    todo: 'Look at DATASTORE_LOCATION of oned.conf: it must be what it was when the VM was made.',
  },
  DISK_MISSING: {
    what: (at: AtPath) => `There is no disk ${at.path} on ${at.place}.`,
    why: 'It was never made, or was removed by hand.',
    todo: 'Recover the VM with `onevm recover --delete` or `--recreate`.',
  },
  PLACE_FULL: {
    what: (at: { place: string }) => `There is no space left on ${at.place}.`,
    why: 'The file system of the system datastore, or of temporary files, is full.',
    todo: 'Make room there, then retry: `onevm recover --retry <id>`.',
    retry: true,
  },
  SNAPSHOT_MISSING: {
    what: (at: AtPath) => `There is no snapshot ${at.path} on ${at.place}.`,
    why: 'It was never taken, or was removed by hand.',
    todo: 'Delete its record: onevm disk-snapshot-delete <id> <disk> <snapshot>.',
  },
  SNAPSHOT_NUMBER_INVALID: {
    what: (at: { text: string }) => `'${at.text}' is no number of a snapshot.`,
    why: 'Transfer drivers are given snapshots by the numbers that OpenNebula counts.',
    todo: 'Use the drivers with a front-end of OpenNebula 7, which gives them so.',
  },
  DISK_IN_USE: {
    what: (at: AtPath) => `The disk ${at.path} on ${at.place} is mounted in a running VM and stays as it is.`,
    todo: 'Power the VM off first: onevm poweroff <id>.',
  },
  VOLATILE_FORMAT_UNSUPPORTED: {
    what: (at: { format: string }) => `Volatile disks of format ${at.format} are not supported.`,
    why: 'Disks of containers are raw files.',
    todo: 'Set FORMAT=raw in the DISK.',
  },
  SOURCE_UNSUPPORTED: {
    what: (at: { source: string; driver: string }) =>
      `The transfer driver ${at.driver} cannot bring ${at.source} to a host.`,
    why: 'It moves files; container images come by the transfer driver onedock.',
    todo: 'Create the datastore of the image with TM_MAD=onedock.',
  },
  IMAGE_GONE: {
    what: (at: { image: string }) => `The image ${at.image} is not in the registry.`,
    why: 'It was deleted there by hand, or the registry was set up anew.',
    todo: 'Register the image again.',
  },
  CONTEXT_FILE_MISSING: {
    what: (at: { file: string }) => `The context file ${at.file} cannot be read.`,
    why: 'It is not on the front-end, or its user may not read it.',
    todo: 'Put it there, readable for the user of the front-end, or take it out of FILES of the VM template.',
  },
  CONTEXT_FILE_FETCH: {
    what: (at: { file: string; problem: string }) => `The context file ${at.file} could not be fetched: ${at.problem}.`,
    todo: 'Look whether the front-end reaches the address, or take it out of FILES of the VM template.',
    retry: true,
  },
});
