import { catalogue } from '../errors/onedock-error.ts';

export const fail = catalogue({
  PACKAGE_KEY_UNREADABLE: {
    what: (at: { key: string; reason: string }) => `The key of OpenNebula's packages cannot be had from ${at.key}.`,
    why: (at: { key: string; reason: string }) => at.reason,
    todo: 'Set `opennebula.key` in sandbox.yaml to a file, or to an address that this machine reaches.',
    retry: true,
  },
  CONFIGURATION_UNREADABLE: {
    what: (at: { path: string }) => `The configuration ${at.path} cannot be read.`,
    why: 'The file is missing, or this user may not read it.',
    todo: 'Name another with --config, or leave the option out: every key has a default.',
  },
  CONFIGURATION_INVALID: {
    what: (at: { path: string; problems: readonly string[] }) => `The configuration ${at.path} is not valid.`,
    why: (at: { path: string; problems: readonly string[] }) => at.problems.join('\n'),
    todo: 'docs/reference/sandbox-yaml.md lists every key.',
  },
  SUBNET_TAKEN: {
    what: (at: { network: string; cidr: string; user: string }) =>
      `The network ${at.cidr}, which subnets.${at.network} asks for, is not free.`,
    why: (at: { network: string; cidr: string; user: string }) => `This machine uses ${at.user} already.`,
    todo: 'Ask for another one, or leave the key out: a free one is then looked for.',
  },
  NO_FREE_SUBNET: {
    what: (at: { pool: string }) => `There is no free network in ${at.pool}.`,
    why: 'Routes, addresses and other sandboxes use all of it.',
    todo: 'Say with `subnets` in sandbox.yaml which networks to use.',
  },
  NETWORK_TOO_SMALL: {
    what: (at: { network: string; cidr: string; missing: number }) =>
      `Network ${at.network} has no room in ${at.cidr}: ${at.missing} addresses are missing.`,
    why: 'The virtual networks lie one after the other in the network of the VMs, behind the machines’ own addresses.',
    todo: 'Make `size` smaller, or give `subnets.vms` a larger network.',
  },
  PREFLIGHT_FAILED: {
    what: 'This machine cannot run a sandbox as it is.',
    why: (at: { findings: readonly string[] }) => at.findings.join('\n'),
    todo: '`onedock doctor` shows all that it looked at.',
  },
  STEP_FAILED: {
    what: (at: { step: string }) => `The step "${at.step}" failed.`,
  },
  INTERRUPTED: {
    what: 'Interrupted.',
    todo: 'The next `onedock up` goes on from what there is, `onedock down` removes it.',
  },
  SANDBOX_MISSING: {
    what: (at: { sandbox: string; others: readonly string[] }) => `There is no sandbox ${at.sandbox}.`,
    why: (at: { sandbox: string; others: readonly string[] }) =>
      at.others.length === 0 ? 'There is none at all.' : `There are: ${at.others.join(', ')}.`,
    todo: 'Make it with `onedock up`, or name another with --name.',
  },
  MACHINE_MISSING: {
    what: (at: { machine: string; machines: readonly string[] }) => `There is no machine ${at.machine}.`,
    why: (at: { machine: string; machines: readonly string[] }) => `There are: ${at.machines.join(', ')}.`,
    todo: 'Name one of them, as `onedock status` lists them.',
  },
  FRONT_END_DOWN: {
    what: (at: { sandbox: string }) => `The front-end of sandbox ${at.sandbox} does not run.`,
    todo: '`onedock up` starts what should run.',
    retry: true,
  },
  API_OUT_OF_REACH: {
    what: (at: { sandbox: string }) => `Other programs of this machine do not reach the API of sandbox ${at.sandbox}.`,
    why: 'Its machines are behind a jump host (ssh.jump in sandbox.yaml), and are reached over SSH only.',
    todo: 'Use OpenNebula’s commands by `onedock one`, or run the program on the front-end: `onedock ssh`.',
  },
  HOST_IN_USE: {
    what: (at: { host: string; vms: readonly string[] }) => `Host ${at.host} cannot be removed.`,
    why: (at: { host: string; vms: readonly string[] }) => `VMs run there: ${at.vms.join(', ')}.`,
    todo: 'Terminate them first, or remove the host and its VMs with --force.',
  },
  LEAK_FOUND: {
    what: (at: { sandbox: string; leaks: readonly string[] }) => `Something of sandbox ${at.sandbox} is left.`,
    why: (at: { sandbox: string; leaks: readonly string[] }) => at.leaks.join('\n'),
    todo: 'Run `onedock down` again. What stays is a bug, please report it.',
    retry: true,
  },
  PAGE_SILENT: {
    what: (at: { vm: string; url: string; seconds: number }) =>
      `VM ${at.vm} runs, but ${at.url} did not answer within ${at.seconds} s.`,
    why: 'The container has no process that listens there, or its network does not reach this machine.',
    todo: '`onedock logs` shows the VM’s log, `onedock ssh <host>` leads to the container.',
    retry: true,
  },
  IMAGE_SOURCE_UNKNOWN: {
    what: (at: { source: string }) => `${at.source} is no image that can be loaded.`,
    why: 'It is neither `docker://…`, nor `docker-daemon:…`, nor a file or directory of this machine.',
    todo: 'Look for a spelling mistake; a file is named as this machine sees it.',
  },
  IMAGE_EXISTS: {
    what: (at: { image: string }) => `There is an image ${at.image} already.`,
    todo: 'Choose another name with --as, or delete that one first: `onedock one oneimage delete`.',
  },
  IMAGE_UNKNOWN: {
    what: (at: { image: string; images: readonly string[] }) => `There is no image ${at.image} in this sandbox.`,
    why: (at: { image: string; images: readonly string[] }) =>
      at.images.length === 0 ? 'It has none.' : `There are: ${at.images.join(', ')}.`,
    todo: 'Name one of them, or bring one with `onedock image load`.',
  },
  IMAGE_WITHOUT_CONTENT: {
    what: (at: { image: string; state: string }) => `Image ${at.image} has no content that could be exported.`,
    why: (at: { image: string; state: string }) => `It is ${at.state}.`,
    todo: '`onedock one oneimage show` tells why; one that is LOCKED is being made.',
  },
  IMAGE_DAMAGED: {
    what: (at: { image: string; file: string }) =>
      `Image ${at.image} did not arrive whole, and ${at.file} was removed.`,
    why: 'What was received has another digest than what the datastore exported.',
    todo: 'Try again.',
    retry: true,
  },
  BUSYBOX_MISSING: {
    what: 'The sample image cannot be made.',
    why: 'There is no static busybox on this machine.',
    todo: 'Install it (Debian: busybox-static), or declare another image in sandbox.yaml.',
  },
});
