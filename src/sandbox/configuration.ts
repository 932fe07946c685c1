/**
 * What a sandbox should be, as `sandbox.yaml` says it. Every key has a default, so an empty file is a whole sandbox:
 * a front-end, two hosts and a first VM that serves a page. The JSON schema and the reference page are made from here.
 */
import * as z from 'zod';
import { parseTemplate, TemplateSyntaxError } from '../opennebula/template.ts';
import { parseCidr } from './cidr.ts';
import { opennebula, packageProblems, withKey } from './opennebula-packages.ts';
import { USUAL_READY_SECONDS } from './testbed.ts';

/** Stands for Debian's busybox with a page to serve, an image that needs no Internet. */
export const SAMPLE_PATH = 'sample';

/** Upstream hub that runs in the sandbox itself. */
export const STAND_IN_HUB = 'stand-in';

/** Where machines can come from. */
const PROVIDERS = ['lxc', 'vagrant', 'ssh'] as const;

const FRONT_END = 'frontend';

/** More than OpenNebula's documentation has ever seen on one front-end. */
const MOST_DUMMY_HOSTS = 2500;

const SERVER = /^[a-z0-9.-]+(:\d+)?$/i;

/** The same keys, none of them needed. */
function partial<Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape) {
  return z.strictObject(shape).partial().shape;
}

const objectName = z.string().min(1).max(128);
const attributes = z
  .string()
  .refine(isTemplate, { error: 'is not in the template language: `NAME = "value"`, one attribute per line' });

const cidr = (smallest: number) =>
  z.string().refine((text) => (parseCidr(text)?.size ?? 0) >= 2 ** (32 - smallest), {
    error: `must be an IPv4 network of at most ${smallest} bits, as 10.72.0.0/${smallest}`,
  });

const login = {
  user: z.string().min(1).describe('User to log in as: root, or one who may become root by `sudo -n`.'),
  port: z.int().min(1).max(65_535).describe('Port of the SSH server.'),
  keyFile: z.string().min(1).describe('Private key without passphrase; `~` is the home directory.'),
  knownHostsFile: z
    .string()
    .min(1)
    .describe('Keys of the machines, as OpenSSH keeps them. A machine that is not in it is refused.'),
};

const address = z.string().min(1).describe('Name or address for SSH.');

const givenMachine = z.strictObject({
  address,
  peerAddress: z
    .ipv4()
    .optional()
    .describe('IPv4 address under which the other machines reach it, where that is not the one of the SSH connection.'),
  ...partial(login),
});

const ssh = z.strictObject({
  user: login.user.default('root'),
  port: login.port.default(22),
  keyFile: login.keyFile.default('~/.ssh/id_ed25519'),
  knownHostsFile: login.knownHostsFile.default('~/.ssh/known_hosts'),
  jump: z
    .strictObject({ address, ...partial(login) })
    .optional()
    .describe('Machine from which the others are reached, where this one does not reach them itself.'),
  machines: z
    .record(
      z.string().regex(/^(frontend|host-([1-9]|[12]\d|3[0-2]))$/, 'must be frontend, or host-1 to host-32'),
      z.union([address, givenMachine]),
    )
    .describe('The machines by their names in the sandbox, each an address or a mapping: `frontend`, `host-1`, ….'),
});

const vagrant = z.strictObject({
  provider: z
    .enum(['lxc', 'libvirt', 'virtualbox'])
    .optional()
    .describe('Vagrant’s provider; the one that it chooses itself unless given.'),
  box: z
    .string()
    .min(1)
    .optional()
    .describe('Box with Debian or Ubuntu: with lxc `onedock`, which `npm run box` makes, else `debian/bookworm64`.'),
  memoryMb: z.int().min(512).optional().describe('Memory of a machine (libvirt, VirtualBox); 2048 unless given.'),
  cpus: z.int().min(1).optional().describe('Processors of a machine (libvirt, VirtualBox); 2 unless given.'),
  network: cidr(24)
    .optional()
    .describe(
      'Network by which machines reach each other: with VirtualBox 192.168.56.0/24 unless given; with lxc that of the bridge, where no DHCP server answers there.',
    ),
  bridge: z.string().min(1).max(15).optional().describe('Bridge of the machines (lxc); `lxcbr0` unless given.'),
  folder: z
    .string()
    .min(1)
    .optional()
    .describe('Where Vagrant keeps the machines: VAGRANT_DOTFILE_PATH, or `.vagrant` beside this file, unless given.'),
});

const subnets = z.strictObject({
  management: cidr(24).optional().describe('Network of the machines, in CIDR notation. A free one is looked for.'),
  vms: cidr(24).optional().describe('Network of the VMs, in CIDR notation. A free one is looked for.'),
});

const network = z.strictObject({
  name: objectName.describe('Name in OpenNebula.'),
  size: z
    .int()
    .min(1)
    .max(65_536)
    .default(1000)
    .describe('How many addresses it leases, out of the network of the VMs.'),
  zone: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
      'must be a domain in small letters, as `lab`',
    )
    .optional()
    .describe(
      'Domain of its VMs: with `lab` the VM `web` is found by others as `web` and `web.lab`. No names unless given.',
    ),
  attributes: attributes.optional().describe('More of its template, in OpenNebula’s template language.'),
});

const image = z.strictObject({
  name: objectName.describe('Name in OpenNebula.'),
  path: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where it comes from: `docker://name:tag` from the hub, a `docker save` archive or an OCI layout directory of this machine (from the file’s own folder), or `sample`, a small web server that is made on the spot.',
    ),
  type: z.enum(['OS', 'DATABLOCK']).default('OS').describe('OpenNebula’s type: a container image, or a disk.'),
  sizeMb: z.int().positive().optional().describe('Size of an empty DATABLOCK.'),
  datastore: objectName.optional().describe('Datastore: `onedock` for images, `default` for disks unless given.'),
  persistent: z.boolean().default(false).describe('Whether changes are kept when the VM ends.'),
  attributes: attributes.optional().describe('More of its template, in OpenNebula’s template language.'),
});

const template = z.strictObject({
  name: objectName.describe('Name in OpenNebula.'),
  image: objectName.describe('Image of the first disk; one of `images`.'),
  disks: z.array(objectName).default([]).describe('Images of further disks.'),
  networks: z.array(objectName).optional().describe('Networks of its NICs; the first of `networks` unless given.'),
  cpu: z.number().positive().default(0.1).describe('CPU, as a share of one processor.'),
  memoryMb: z.int().positive().default(64).describe('Memory.'),
  attributes: attributes.optional().describe('More of its template, in OpenNebula’s template language.'),
});

const vm = z.strictObject({
  name: objectName.describe('Name in OpenNebula.'),
  template: objectName.describe('Template that it is made of; one of `templates`.'),
  page: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('Port of a web page: `up` ends when the page answers on the VM’s own address.'),
});

/** What there is when no image, template or VM is declared. */
const SAMPLE_CLOUD = {
  images: [{ name: 'web', path: SAMPLE_PATH }],
  templates: [{ name: 'web', image: 'web' }],
  vms: [{ name: 'web', template: 'web', page: 80 }],
} as const;

const keys = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be a lower-case letter and up to 19 letters, digits and hyphens')
    .default('sandbox')
    .describe('Name of the sandbox; several with different names can exist at once. `--name` goes before it.'),
  provider: z
    .enum(PROVIDERS)
    .default('lxc')
    .describe(
      'Where machines come from: containers of this machine, machines that Vagrant makes, or machines that are there already, over SSH. `--provider` goes before it.',
    ),
  ssh: ssh.optional().describe('Machines of the provider `ssh`, and how to log in; what a machine says goes before.'),
  vagrant: vagrant.prefault({}).describe('Machines of the provider `vagrant`.'),
  frontEnd: z
    .enum(['embedded', 'opennebula'])
    .default('embedded')
    .describe('Kind of front-end: the one that comes with ONEDock, or OpenNebula from its own packages.'),
  opennebula: opennebula.prefault({}).describe('Where the packages of the front-end `opennebula` come from.'),
  hosts: z
    .int()
    .min(0)
    .max(32)
    .optional()
    .describe(
      'How many hosts, each with its own Docker Engine: 2, or as many as `ssh.machines` has, unless given. `--hosts` goes before it.',
    ),
  dummyHosts: z
    .int()
    .min(0)
    .max(MOST_DUMMY_HOSTS)
    .default(0)
    .describe(
      'How many dummy hosts besides, which run whatever VM they are given and use nothing: for the tests of clients. They are in a cluster of their own, `dummy`. `--dummy` goes before it.',
    ),
  subnets: subnets.prefault({}).describe('Networks of the sandbox on this machine.'),
  hub: z
    .string()
    .regex(SERVER, 'must be a registry’s server, as `docker.io`, or `stand-in`')
    .default('docker.io')
    .describe(
      'Where `docker://name` without a server is looked for. `stand-in` runs a second registry, which is empty at first.',
    ),
  packageMirror: z
    .url({ protocol: /^https?$/, error: 'must be an address, as http://deb.debian.org/debian' })
    .optional()
    .describe('Mirror of Debian from which machine images are built; that of this machine unless given.'),
  internet: z
    .boolean()
    .default(true)
    .describe(
      'Whether machines and VMs reach what this machine reaches, and images may come from there. With `false` only the stand-in hub and files are allowed.',
    ),
  readyTimeoutSeconds: z
    .int()
    .min(10)
    .max(3600)
    .default(USUAL_READY_SECONDS)
    .describe(
      'How long each of these may take until it is ready before `up` gives up: a machine, the front-end, a host, a VM, a page. A machine with nothing else to do needs seconds; raise it where processors are emulated or shared by many. Where it is raised, the drivers wait as many times longer for what they ask of hosts.',
    ),
  networks: z
    .array(network)
    .min(1)
    .default([{ name: 'vms', size: 1000 }])
    .describe('Virtual networks in OpenNebula. All lie in the network of the VMs, in this order.'),
  images: z.array(image).optional().describe('Images in OpenNebula.'),
  templates: z.array(template).optional().describe('VM templates in OpenNebula.'),
  vms: z.array(vm).optional().describe('VMs that `up` makes when they are missing.'),
});

export const configurationSchema = keys
  .overwrite(withSampleCloud)
  .superRefine((configuration, context) => {
    for (const { path, message } of contradictions(configuration)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  })
  .transform(withoutGaps);

type Keys = z.output<typeof keys>;

export type Configuration = Readonly<z.output<typeof configurationSchema>>;
export type NetworkDeclaration = Configuration['networks'][number];
export type OpennebulaDeclaration = Configuration['opennebula'];
export type ImageDeclaration = Configuration['images'][number];
export type TemplateDeclaration = Configuration['templates'][number];
export type VmDeclaration = Configuration['vms'][number];

/** Of the text of a sandbox.yaml, for editors. */
export function jsonSchema(): object {
  return z.toJSONSchema(keys, { io: 'input', target: 'draft-07' });
}

function withSampleCloud(given: Keys): Keys {
  const isDeclared = given.images !== undefined || given.templates !== undefined || given.vms !== undefined;
  if (isDeclared) return given;
  return {
    ...given,
    images: SAMPLE_CLOUD.images.map((each) => image.parse(each)),
    templates: SAMPLE_CLOUD.templates.map((each) => template.parse(each)),
    vms: SAMPLE_CLOUD.vms.map((each) => vm.parse(each)),
  };
}

function withoutGaps(given: Keys) {
  const { networks } = given;
  const [first] = networks;
  return {
    ...given,
    opennebula: withKey(given.opennebula),
    hosts: given.hosts ?? (given.provider === 'ssh' ? givenHosts(given).length : DEFAULT_HOSTS),
    images: (given.images ?? []).map((each) => ({
      ...each,
      datastore: each.datastore ?? (each.type === 'OS' ? 'onedock' : 'default'),
    })),
    templates: (given.templates ?? []).map((each) => ({
      ...each,
      networks: each.networks ?? (first === undefined ? [] : [first.name]),
    })),
    // Without a host they could not run.
    vms: given.hosts === 0 ? [] : (given.vms ?? []),
  };
}

const DEFAULT_HOSTS = 2;

const givenHosts = ({ ssh }: Keys) => Object.keys(ssh?.machines ?? {}).filter((name) => name !== FRONT_END);

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function contradictions(given: Keys): Problem[] {
  const { networks, images = [], templates = [], vms = [] } = given;
  const lists = { networks, images, templates, vms };
  return [
    ...machineProblems(given),
    ...(given.frontEnd === 'opennebula' ? packageProblems(given.opennebula) : []),
    ...Object.entries(lists).flatMap(([key, list]) => duplicates(key, list)),
    ...images.flatMap((each, i) => imageProblems(given, each, i)),
    ...templates.flatMap((each, i) => [
      ...undeclared(['templates', i, 'image'], [each.image], images, 'images'),
      ...undeclared(['templates', i, 'disks'], each.disks, images, 'images'),
      ...undeclared(['templates', i, 'networks'], each.networks ?? [], networks, 'networks'),
    ]),
    ...vms.flatMap((each, i) => undeclared(['vms', i, 'template'], [each.template], templates, 'templates')),
  ];
}

/** Of given machines the front-end and the first hosts are needed. */
function machineProblems(given: Keys): Problem[] {
  const { provider, ssh } = given;
  if (provider !== 'ssh') return [];
  if (ssh === undefined) return [{ path: ['provider'], message: 'needs the machines under `ssh`' }];
  const count = given.hosts ?? givenHosts(given).length;
  const needed = [FRONT_END, ...Array.from({ length: count }, (_, i) => `host-${i + 1}`)];
  const missing = needed.filter((name) => !(name in ssh.machines));
  return missing.map((name) => ({ path: ['ssh', 'machines'], message: `has no ${name}` }));
}

function imageProblems({ internet, hub }: Keys, { path, type, sizeMb }: z.output<typeof image>, i: number): Problem[] {
  if (path === undefined && type === 'OS') return [{ path: ['images', i], message: 'needs a path' }];
  if (path === undefined && sizeMb === undefined) return [{ path: ['images', i], message: 'needs a path or sizeMb' }];
  if (!internet && path?.startsWith('docker://') && hub !== STAND_IN_HUB) {
    return [{ path: ['images', i, 'path'], message: 'cannot be had with `internet: false` and no stand-in hub' }];
  }
  return [];
}

function duplicates(key: string, list: readonly { readonly name: string }[]): Problem[] {
  return list.flatMap(({ name }, i) =>
    list.findIndex((other) => other.name === name) === i
      ? []
      : [{ path: [key, i, 'name'], message: `${name} is the name of another of the ${key}` }],
  );
}

function undeclared(
  path: Problem['path'],
  names: readonly string[],
  declared: readonly { readonly name: string }[],
  key: string,
): Problem[] {
  return names
    .filter((name) => !declared.some((other) => other.name === name))
    .map((name) => ({ path, message: `${name} is none of the ${key} declared here` }));
}

function isTemplate(text: string): boolean {
  try {
    parseTemplate(text);
    return true;
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return false;
    throw error;
  }
}
