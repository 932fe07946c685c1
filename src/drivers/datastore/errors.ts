/** What can go wrong with the images of a datastore. Where OpenNebula's own drivers have words for it, they are used. */
import { catalogue } from '../../errors/onedock-error.ts';

interface AtPath {
  readonly path: string;
}

export const fail = catalogue({
  PATH_NOT_ALLOWED: {
    what: (at: AtPath) => `Not allowed to copy image from ${at.path}, check RESTRICTED_DIRS in your datastore.`,
    why: 'Only files below SAFE_DIRS of the datastore may be read, or such that RESTRICTED_DIRS does not cover.',
    todo: 'Put the file below SAFE_DIRS, or add its folder there by `onedatastore update`.',
  },
  PATH_MISSING: {
    what: (at: AtPath) => `Cannot read ${at.path}.`,
    why: 'It is not on the front-end, or its user may not read it.',
    todo: 'Bring it to the front-end, and let the user of the front-end read it.',
  },
  PATH_UNSUPPORTED: {
    what: (at: AtPath & { problem: string; todo: string }) => `${at.path} cannot be registered: ${at.problem}.`,
    todo: (at: AtPath & { problem: string; todo: string }) => at.todo,
  },
  IMAGE_TYPE_UNSUPPORTED: {
    what: (at: { type: string }) => `The onedock datastore takes no images of TYPE ${at.type}.`,
    why: 'It holds container images (OS) and data disks (DATABLOCK).',
    todo: 'Register it in a datastore with DS_MAD=fs.',
  },
  IMAGE_EMPTY: {
    what: 'A container image cannot be empty.',
    todo: 'Give a PATH, as docker://debian:12; or set TYPE=DATABLOCK for an empty data disk.',
  },
  IMAGE_FORMAT_UNSUPPORTED: {
    what: (at: { format: string }) => `Images of format ${at.format} are not supported.`,
    why: 'Disks of containers are raw files.',
    todo: 'Convert it: qemu-img convert -O raw <file> <new file>.',
  },
  FILE_SYSTEM_UNSUPPORTED: {
    what: (at: { fileSystem: string; supported: string }) =>
      `Unsupported file system type: ${at.fileSystem}. Supported types are: ${at.supported}.`,
    todo: 'Set FS of the image or disk to one of them, or to raw for none.',
  },
  REQUEST_INCOMPLETE: {
    what: (at: { missing: string }) => `The request has no ${at.missing}.`,
    todo: 'Use the drivers with a front-end of OpenNebula 7, whose requests have it.',
  },
  CHECKSUM_WRONG: {
    what: (at: AtPath & { algorithm: string; expected: string; found: string }) =>
      `${at.path} has not the ${at.algorithm} checksum ${at.expected}: it is ${at.found}.`,
    todo: 'Fetch the file anew, or correct MD5 or SHA1 of the image.',
    retry: true,
  },
  DOWNLOAD_FAILED: {
    what: (at: { url: string; problem: string }) => `${at.url} could not be fetched: ${at.problem}.`,
    todo: 'Look whether the front-end reaches that address, or bring the file there and name its path.',
    retry: true,
  },
  DOWNLOAD_TOO_LARGE: {
    what: (at: { url: string; limitMb: number }) => `${at.url} is larger than ${at.limitMb} MB and was not fetched.`,
    why: 'The settings of the drivers let no larger archive be fetched from a web address.',
    todo: 'Raise images.downloadMb in onedock.yaml, or bring the archive to the front-end by other means.',
  },
  CHECKSUM_OF_NO_FILE: {
    what: (at: AtPath) => `The MD5 or SHA1 of the image cannot be compared, since ${at.path} is no file.`,
    todo: 'Leave them out; an image of a registry is pinned by its digest, docker://name@sha256:….',
  },
  IMAGE_OF_DATASTORE: {
    what: (at: { image: string }) => `${at.image} may not be named here.`,
    why: 'It is the image of a datastore or of a VM, and belongs to its owner.',
    todo: 'Use `oneimage clone`, which asks for the right to use it.',
  },
  BUILD_HOST_MISSING: {
    what: 'There is no host on which the image could be built.',
    why: 'BRIDGE_LIST of the datastore names none.',
    todo: 'Name Docker hosts there: onedatastore update <datastore>, BRIDGE_LIST="host-1 host-2".',
  },
  BUILD_FILE_MISSING: {
    what: (at: AtPath & { file: string }) => `${at.path} has no ${at.file} to build from.`,
    todo: 'Name the Dockerfile within its context by `?file=`, as dockerfile:///path?file=docker/Dockerfile.',
  },
  BUILD_PATH_OUTSIDE: {
    what: (at: { file: string }) => `The Dockerfile ${at.file} lies outside its context.`,
    todo: 'Name one within the context, by a path without `..`.',
  },
  BUILD_CONTEXT_TOO_LARGE: {
    what: (at: AtPath & { mb: number; limitMb: number }) =>
      `The files of ${at.path} are ${at.mb} MB, and ${at.limitMb} MB may be sent to a builder.`,
    todo: 'Leave out what is not needed by a .dockerignore, or raise build.contextMb in onedock.yaml.',
  },
  BUILD_TOO_LARGE: {
    what: (at: { mb: number; limitMb: number }) =>
      `The image that was built is ${at.mb} MB, and ${at.limitMb} MB were allowed.`,
    todo: 'Say how large it may become by `?size=<MB>` in its PATH; build.imageMb in onedock.yaml is the most.',
  },
  CAPACITY_UNKNOWN: {
    what: (at: { server: string }) => `It is not known how much the registry ${at.server} can hold.`,
    why: 'It does not run on this machine, and registries do not tell.',
    todo: 'Set registry.dataDirectory where it runs here, or registry.capacityMb.',
  },
});
