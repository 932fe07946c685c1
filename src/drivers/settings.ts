/**
 * Settings of the drivers: one YAML file on the front-end, `/etc/one/onedock.yaml` unless `ONEDOCK_SETTINGS` names
 * another, read by drivers in process and by executables alike. Every key has a default; secrets are given as names of
 * files. All problems of a file are reported together, each with line and column.
 */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { YamlDocument } from '../yaml/yaml-document.ts';
import { fail } from './errors.ts';
import { ARCHITECTURES } from './registry/architecture.ts';
import { settingsPath } from './settings-path.ts';
import { USUAL_TIMEOUTS } from './usual-timeouts.ts';

// A schema that is used once is read faster than a reader of it is compiled.
z.config({ jitless: true });

const path = z.string().startsWith('/', 'must be an absolute path');
const seconds = z.number().positive();
const server = z
  .string()
  .regex(/^[a-z0-9.-]+(:\d+)?$/i, 'must be a server, as `registry:5000`, without `https://` or a path');

const registry = z.strictObject({
  server: server.default('registry:5000').describe('Registry of the onedock datastore, as `host:port`; always by TLS.'),
  user: z.string().optional().describe('User of the registry; none means that it asks for no password.'),
  passwordFile: path.optional().describe("File that holds the user's password."),
  caFile: path.optional().describe("File of the certificate authority that signed the registry's certificate (PEM)."),
  dataDirectory: path
    .optional()
    .describe("Directory of the registry's data when it runs on this machine: `monitor` measures its file system."),
  collectorFolder: path
    .optional()
    .describe(
      'Folder by which drivers keep the collector of its garbage waiting while they write, when it runs on this machine.',
    ),
  capacityMb: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('What a registry elsewhere can hold in MB; what is used is then summed up by its API.'),
});

const hub = z.strictObject({
  server: server.default('docker.io').describe('Where `docker://name` without a server is looked for.'),
  caFile: path.optional().describe("File of the certificate authority that signed the hub's certificate (PEM)."),
  insecure: z
    .boolean()
    .default(false)
    .describe('Whether certificates of the hub go unchecked, or it speaks plain HTTP.'),
  authFile: path.optional().describe('Credentials for this and other registries, in the form of `docker login`.'),
});

const ssh = z.strictObject({
  user: z.string().default('oneadmin').describe('User on the hosts.'),
  port: z.number().int().positive().default(22).describe('Port of sshd on the hosts.'),
  keyFile: path.default('/var/lib/one/.ssh/id_ed25519').describe("File of the user's private key."),
  knownHostsFile: path
    .default('/var/lib/one/.ssh/known_hosts')
    .describe('File of host keys and certificate authorities (`@cert-authority`) that are trusted.'),
});

const host = z.strictObject({
  dockerSocket: path.default('/var/run/docker.sock').describe('Socket of the Docker Engine on the hosts.'),
  helper: path
    .default('/usr/lib/onedock/onedock-host-helper')
    .describe('The helper on the hosts that sudo allows to the user.'),
  withoutControlGroups: z
    .boolean()
    .default(false)
    .describe(
      'Whether hosts whose engine runs without root and cannot hold VMs to memory and processors (cgroup v1) run VMs all the same.',
    ),
  shim: path.default('/bin/busybox').describe('A static busybox on the hosts, the first process of every container.'),
  architecture: z
    .enum(ARCHITECTURES)
    .optional()
    .describe("The hosts' architecture: other images are refused. That of this machine unless given."),
  imagesMb: z
    .number()
    .int()
    .nonnegative()
    .default(10240)
    .describe(
      'Beyond this size of all images on a host, in MB, those go that no VM uses and the datastore no longer has.',
    ),
});

const frontend = z.strictObject({
  names: z
    .array(z.string())
    .default([])
    .describe('Names by which OpenNebula calls this machine, besides its host name (HOSTNAME in oned.conf).'),
  runsContainers: z
    .boolean()
    .default(false)
    .describe('Whether this machine is a Docker host as well: it is reached by SSH then, as any other.'),
  datastores: path.default('/var/lib/one/datastores').describe('DATASTORE_LOCATION in oned.conf.'),
  consoles: path
    .default('/var/lib/one/consoles')
    .describe('Folder by which drivers tell the console server of VMs with GRAPHICS; without it there is no VNC.'),
});

const container = z.strictObject({
  pidsLimit: z.number().int().positive().default(4096).describe('How many processes a container may have.'),
  capabilities: z
    .array(z.string())
    .default([])
    .describe('Capabilities that VM templates may ask for besides the usual ones (`DOCKER/CAP_ADD`).'),
  devices: z.array(path).default([]).describe('Devices of hosts that VM templates may ask for (`DOCKER/DEVICES`).'),
  volumes: z
    .array(path)
    .default([])
    .describe('Directories of hosts that VM templates may ask for, each by its exact name (`DOCKER/VOLUMES`).'),
  gpus: z.boolean().default(false).describe('Whether VM templates may ask for GPUs (`DOCKER/GPUS`).'),
});

const images = z.strictObject({
  copies: z
    .number()
    .int()
    .positive()
    .default(4)
    .describe('How many images the embedded front-end copies at once; in OpenNebula it is `-t` of DATASTORE_MAD.'),
  downloadMb: z
    .number()
    .int()
    .positive()
    .default(20480)
    .describe('Largest archive of a container image that is fetched from a web address, in MB.'),
});

const build = z.strictObject({
  network: z
    .string()
    .regex(/^[\w.-]+$/, 'must be the name of a network')
    .default('none')
    .describe(
      'Network of the hosts that the commands of a Dockerfile have while an image is built; `none`: no network.',
    ),
  memoryMb: z.number().int().positive().default(2048).describe('Memory of each command of a Dockerfile, in MB.'),
  cpus: z.number().positive().default(2).describe('Processors of each command of a Dockerfile.'),
  contextMb: z
    .number()
    .int()
    .positive()
    .default(1024)
    .describe('Largest build context, the files that a Dockerfile may copy, in MB.'),
  imageMb: z.number().int().positive().default(20480).describe('Largest image that may be built, in MB.'),
});

const timeouts = z.strictObject({
  connectSeconds: seconds.default(USUAL_TIMEOUTS.connectSeconds).describe('Reaching a host or a registry.'),
  commandSeconds: seconds
    .default(USUAL_TIMEOUTS.commandSeconds)
    .describe('A command on a host, or one question to a registry.'),
  transferSeconds: seconds.default(3600).describe('Copying an image or a disk.'),
  buildSeconds: seconds.default(3600).describe('Building an image from a Dockerfile.'),
  shutdownSeconds: seconds.default(30).describe('A container that was asked to stop, before it is killed.'),
});

export const settingsSchema = z.strictObject({
  registry: registry.prefault({}),
  hub: hub.prefault({}),
  ssh: ssh.prefault({}),
  host: host.prefault({}),
  frontend: frontend.prefault({}),
  container: container.prefault({}),
  images: images.prefault({}),
  build: build.prefault({}),
  timeouts: timeouts.prefault({}),
});

export type DriverSettings = Readonly<z.infer<typeof settingsSchema>>;

/**
 * Reads the settings of this machine.
 * @throws SETTINGS_UNREADABLE, SETTINGS_INVALID
 */
export async function loadSettings(): Promise<DriverSettings> {
  const path = settingsPath();
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('SETTINGS_UNREADABLE', { path }, cause);
  });
  return parseSettings(text, path);
}

/** @throws SETTINGS_INVALID with every problem, each as `file:line:column key: what is wrong` */
export function parseSettings(text: string, path = 'onedock.yaml'): DriverSettings {
  const document = new YamlDocument(text, path);
  const parsed = settingsSchema.safeParse(document.value);
  if (document.problems.length === 0 && parsed.success) return parsed.data;
  const problems = document.problems.length > 0 ? document.problems : (parsed.error?.issues ?? []).flatMap(explain);
  throw fail('SETTINGS_INVALID', { path, problems });

  function explain(issue: z.core.$ZodIssue): string[] {
    if (issue.code !== 'unrecognized_keys') return [document.explain(issue.path, issue.message)];
    return issue.keys.map((key) => document.explain([...issue.path, key], 'is no key that ONEDock knows'));
  }
}
