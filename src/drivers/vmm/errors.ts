/** Why a VM cannot be started, stopped or found as a container. */
import { catalogue } from '../../errors/onedock-error.ts';

interface OfVm {
  readonly vmId: number;
}

export const fail = catalogue({
  DOCUMENT_INCOMPLETE: {
    what: (at: { element: string }) => `The document of the VM has no usable ${at.element}.`,
    why: 'The driver was called with a document that is not one of OpenNebula 7.',
    todo: 'Use the drivers with a front-end of OpenNebula 7.',
  },
  ROOT_DISK_MISSING: {
    what: (at: OfVm) => `VM ${at.vmId} has no container image to run.`,
    why: 'Its first disk is the root disk, and has to be an image of a onedock datastore.',
    todo: 'Put a disk with such an image first in the VM template.',
  },
  SECOND_CONTAINER_IMAGE: {
    what: (at: OfVm & { diskId: number }) =>
      `Disk ${at.diskId} of VM ${at.vmId} is a container image, but not its first disk.`,
    why: 'A container image is the root of a VM; it cannot be attached to another one.',
    todo: 'Use a datablock or a volatile disk there.',
  },
  DISK_FORMAT_UNSUPPORTED: {
    what: (at: OfVm & { diskId: number; format: string }) =>
      `Disk ${at.diskId} of VM ${at.vmId} has the format ${at.format}, which cannot be mounted.`,
    why: 'Disks of containers are raw files with a file system.',
    todo: 'Convert the image to raw: `qemu-img convert -O raw`.',
  },
  DOCKER_ATTRIBUTE_WRONG: {
    what: (at: OfVm & { problems: readonly string[] }) => `The section DOCKER of VM ${at.vmId} cannot be followed.`,
    why: (at: OfVm & { problems: readonly string[] }) => at.problems.join(' '),
    todo: 'Change the VM template. What is not allowed to templates, an administrator allows in onedock.yaml (`container`).',
  },
  GPU_UNAVAILABLE: {
    what: (at: OfVm & { host: string }) => `VM ${at.vmId} asks for GPUs, and ${at.host} cannot give any to containers.`,
    why: (at: OfVm & { host: string }) => `The Docker Engine of ${at.host} has no runtime for them.`,
    todo: "Install NVIDIA's container toolkit there, or place the VM elsewhere by SCHED_REQUIREMENTS.",
  },
  NIC_WITHOUT_BRIDGE: {
    what: (at: OfVm & { nicId: number }) => `NIC ${at.nicId} of VM ${at.vmId} has no bridge to be plugged into.`,
    why: 'Its network has no BRIDGE.',
    todo: 'Set BRIDGE in the virtual network.',
  },
  NIC_KIND_UNSUPPORTED: {
    what: (at: OfVm & { kind: string }) => `VM ${at.vmId} has a ${at.kind}, which a container cannot have.`,
    why: 'NICs of containers are virtual cables into a bridge.',
    todo: 'Take it out of the VM template.',
  },
  NIC_METHOD_UNSUPPORTED: {
    what: (at: OfVm & { nicId: number; method: string; known: readonly string[] }) =>
      `NIC ${at.nicId} of VM ${at.vmId} cannot come to its addresses by the method ${at.method}.`,
    why: (at: { known: readonly string[] }) => `Containers know ${at.known.join(', ')}.`,
    todo: 'Change METHOD or IP6_METHOD of the virtual network, or of the NIC.',
  },
  NIC_UNKNOWN: {
    what: (at: OfVm & { mac: string }) => `VM ${at.vmId} has no NIC with the address ${at.mac}.`,
    why: 'The driver was called with a document that does not tell of the NIC that it names.',
    todo: 'Detach the NIC with `onevm nic-detach` and attach it again.',
  },
  IMAGE_NOT_ON_HOST: {
    what: (at: { image: string; host: string }) => `The image ${at.image} is not on ${at.host}.`,
    why: 'It was fetched when the disk of the VM was made, and has been removed there since.',
    todo: 'Recreate the VM with `onevm recover --recreate`; `docker image prune -a` on a host removes images of VMs.',
  },
  CONTAINER_FOREIGN: {
    what: (at: { name: string; host: string }) =>
      `There is a container ${at.name} on ${at.host} that ONEDock did not make.`,
    why: 'It has the name that the VM is to have.',
    todo: 'Rename or remove it there, then retry.',
  },
  CONTAINER_OF_OTHER_IMAGE: {
    what: (at: { name: string; host: string; image: string; wanted: string }) =>
      `There is a container ${at.name} on ${at.host} that was made from ${at.image}, not from ${at.wanted}.`,
    why: 'It may be the VM of another front-end, or of an earlier installation, that had the same number.',
    todo: 'If nobody needs it any more, remove it with `docker rm` there, then retry.',
  },
  IMPORTED_CONTAINER_GONE: {
    what: (at: OfVm & { name: string; host: string }) =>
      `There is no container ${at.name} on ${at.host} that could be VM ${at.vmId}.`,
    why: 'An imported VM is the container that DEPLOY_ID names, on the host where it was made.',
    todo: 'Name in DEPLOY_ID a container of the host, see `onehost show`; migrate a VM that was moved back to its host.',
  },
  CONTAINER_OF_OTHER_VM: {
    what: (at: OfVm & { name: string; owner: string }) =>
      `The container ${at.name} cannot be imported as VM ${at.vmId}: it is VM ${at.owner} already.`,
    why: 'A container is one VM at most.',
    todo: (at: { owner: string }) => `Use VM ${at.owner}, or name another container in DEPLOY_ID.`,
  },
  IMPORTED_VM_AS_IT_IS: {
    what: (at: OfVm & { action: string }) => `VM ${at.vmId} was imported, and ${at.action} is not for such a VM.`,
    why: 'Its disks, network and context are not of OpenNebula: it can be stopped, started, paused, resized and monitored.',
    todo: 'To have a VM for everything, `docker commit` and `docker push` the container, and register that image.',
  },
  CONTAINER_GONE: {
    what: (at: { name: string; host: string }) => `There is no container ${at.name} on ${at.host}.`,
    why: 'It was removed behind the back of OpenNebula.',
    todo: 'Recover the VM with `onevm recover --recreate`, or delete it.',
  },
  SNAPSHOT_GONE: {
    what: (at: OfVm & { snapshot: string; host: string }) =>
      `There is no ${at.snapshot} of VM ${at.vmId} on ${at.host}.`,
    why: 'Its image was removed there, by `docker image prune -a` say.',
    todo: 'Delete its record: onevm snapshot-delete <id> <snapshot>.',
  },
  CONTAINER_NOT_RUNNING: {
    what: (at: { name: string; host: string }) => `The container ${at.name} on ${at.host} does not run.`,
    why: 'It has ended or was paused behind the back of OpenNebula, which sees it in a moment.',
    todo: 'Do it again when `onevm show` says what the VM is.',
    retry: true,
  },
  DISK_NOT_MOUNTABLE: {
    what: (at: OfVm & { path: string }) => `${at.path} is no disk that can be mounted in VM ${at.vmId}.`,
    why: 'Swap is the business of the host, which serves all its containers.',
    todo: 'Attach a datablock or a volatile disk of TYPE=fs.',
  },
  ROOT_DISK_STAYS: {
    what: (at: OfVm & { path: string }) => `${at.path} cannot be detached from VM ${at.vmId}.`,
    why: 'It is the root of the container.',
    todo: 'Detach another disk; to have another root, make another VM.',
  },
  CONTAINER_ENDED_AT_ONCE: {
    what: (at: { name: string; host: string; exitCode: number }) =>
      `The container ${at.name} on ${at.host} ended before its network was ready (exit code ${at.exitCode}).`,
    why: 'Its first process could not run.',
    todo: (at: { name: string; host: string; exitCode: number }) => `See \`docker logs ${at.name}\` there.`,
  },
  CONTEXT_NOT_APPLIED: {
    what: (at: { name: string; said: string }) => `The context could not be applied in ${at.name}.`,
    why: (at: { name: string; said: string }) => at.said,
    todo: 'Correct the context of the VM, by `onevm updateconf` or in its template.',
  },
  MIGRATION_IN_DOUBT: {
    what: (at: OfVm & { source: string; destination: string }) =>
      `VM ${at.vmId} may run on ${at.destination}, which was lost while it came there.`,
    why: 'So it stands still on the host it came from: there must not be two of it.',
    todo: (at: OfVm & { source: string; destination: string }) =>
      `When \`docker ps\` on ${at.destination} shows no one-${at.vmId}, let it go on: \`docker unpause one-${at.vmId}\` on ${at.source}, and \`onevm reboot\` for its network.`,
  },
  COMMAND_MALFORMED: {
    what: (at: { vmId: string; command: string; why: string }) =>
      `VM ${at.vmId} cannot be told to run \`${at.command}\`.`,
    why: (at: { why: string }) => at.why,
    todo: 'Name a program and its arguments, quoted as for a shell.',
  },
  COMMAND_TOO_LONG: {
    what: (at: { vmId: string; bytes: number }) => `The command for VM ${at.vmId} is too long.`,
    why: (at: { bytes: number }) =>
      `It, and its standard input in base64, are passed as arguments of ${at.bytes} bytes at most.`,
    todo: 'Give the VM a disk or a context file with what the command is to read.',
  },
  COMMAND_NOT_BEGUN: {
    what: (at: { name: string; said: string }) => `The command cannot be run in ${at.name}.`,
    why: (at: { said: string }) => at.said,
    todo: 'Name a program of the image; what a shell is to do, as `sh -c`, takes an image that has one.',
  },
  COMMAND_OF_EARLIER_START: {
    what: (at: { name: string }) => `No command can be run in ${at.name} yet.`,
    why: 'It was started by an earlier release of ONEDock, which could run none.',
    todo: 'Restart the VM: onevm reboot <id>.',
  },
  COMMAND_NOT_ENDED: {
    what: (at: { name: string; said: string }) => `The command in ${at.name} could not be ended.`,
    why: (at: { said: string }) => at.said,
    todo: 'Look at it with `docker top` on the host, or reboot the VM, which ends it.',
  },
});
