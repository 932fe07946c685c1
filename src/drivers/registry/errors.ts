/** What can go wrong with a registry or with the name of an image. */
import { catalogue } from '../../errors/onedock-error.ts';

interface AtRegistry {
  readonly server: string;
}

interface AtImage {
  readonly image: string;
}

export const fail = catalogue({
  IMAGE_NAME_INVALID: {
    what: (at: AtImage & { problem: string }) => `'${at.image}' is no name of an image: ${at.problem}.`,
    why: 'Names have the form docker://[server[:port]/]path[:tag][@digest].',
    todo: 'Write it so, as docker://debian:12 or docker://registry.example.org:5000/app/web:1.0.',
  },
  IMAGE_NOT_FOUND: {
    what: (at: AtImage & AtRegistry) => `There is no image ${at.image} in the registry ${at.server}.`,
    why: 'Neither the tag nor the digest is known there, or it may not be read without a login.',
    todo: 'Look for a spelling mistake, or push the image first.',
  },
  IMAGE_FORMAT_UNKNOWN: {
    what: (at: AtImage & { mediaType: string }) => `The image ${at.image} has the unknown format '${at.mediaType}'.`,
    why: 'ONEDock reads manifests of Docker (version 2, schema 2) and of OCI.',
    todo: 'Push the image again with a current client.',
  },
  IMAGE_ARCHITECTURE: {
    what: (at: AtImage & { has: string; wanted: string }) =>
      `The image ${at.image} is made for ${at.has}, and the hosts are ${at.wanted}.`,
    why: 'A container runs on the processor of its host.',
    todo: 'Use an image for that architecture, or set host.architecture to that of your hosts.',
  },
  REGISTRY_UNREACHABLE: {
    what: (at: AtRegistry & { problem: string }) => `The registry ${at.server} cannot be reached: ${at.problem}.`,
    why: 'Nothing answers at that address, or a firewall stands between.',
    todo: 'Start the registry, or set registry.server or hub.server to one that runs.',
    retry: true,
  },
  REGISTRY_UNTRUSTED: {
    what: (at: AtRegistry & { problem: string }) =>
      `The certificate of the registry ${at.server} is not trusted: ${at.problem}.`,
    why: 'It was signed by an authority that neither this machine nor the settings name.',
    todo: 'Set registry.caFile or hub.caFile to the certificate of the authority.',
  },
  REGISTRY_DENIED: {
    what: (at: AtRegistry & { action: string }) => `The registry ${at.server} refused to ${at.action}.`,
    why: 'User or password are wrong, or the user may not do this; many registries answer so as well when there is no such image.',
    todo: 'Set registry.user and registry.passwordFile, or hub.authFile.',
  },
  REGISTRY_FAILED: {
    what: (at: AtRegistry & { action: string; status: number; message: string }) =>
      `The registry ${at.server} could not ${at.action}: it answered ${at.status}${at.message === '' ? '' : ` (${at.message})`}.`,
    todo: 'Look into the log of the registry, whether it has room, and try again.',
    retry: true,
  },
  REGISTRY_ANSWER_UNREADABLE: {
    what: (at: AtRegistry & { found: string }) =>
      `The registry ${at.server} answers with something that is no JSON: '${at.found}'.`,
    why: 'What answers there is no registry, or something in between answers in its place, as a proxy or a page to log in does.',
    todo: 'Ask it by `curl -i https://SERVER/v2/` on the front-end, and correct registry.server or hub.server, or what stands between.',
  },
  REGISTRY_READ_ONLY: {
    what: (at: AtRegistry) => `The registry ${at.server} does not delete images.`,
    why: 'Deletion is switched off in its configuration.',
    todo: 'Set storage.delete.enabled to true in its config.yml and start it again.',
  },
  LOGIN_UNREADABLE: {
    what: (at: { file: string }) => `The login of a registry cannot be read from ${at.file}.`,
    why: 'The file is missing, this user may not read it, or it is not in the form of `docker login`.',
    todo: 'Correct registry.passwordFile or hub.authFile, or the owner and mode of the file.',
  },
  AUTHORITY_UNREADABLE: {
    what: (at: { file: string }) => `The certificate of an authority cannot be read from ${at.file}.`,
    why: 'The file is missing, or this user may not read it.',
    todo: 'Correct registry.caFile or hub.caFile, or the owner and mode of the file.',
  },
  IMAGE_COPY_FAILED: {
    what: (at: { from: string; to: string; message: string }) =>
      `${at.from} could not be copied to ${at.to}: ${at.message}.`,
    why: 'skopeo gave up.',
    todo: 'Look whether the front-end reaches both, and whether registry and temporary folder have room.',
  },
});
