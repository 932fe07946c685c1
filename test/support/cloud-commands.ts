/** What the tests of a sandbox's VMs do by OpenNebula's commands, and wait for by its API. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../../src/opennebula/client/client.ts';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { type VmGoal, waitForVm, waitUntil } from '../../src/opennebula/client/wait.ts';
import { TestSandbox } from './test-sandbox.ts';

/** A cloud with the sample image, an empty ext4 datablock `data` and a network, and nothing that runs. */
const SMALL_CLOUD = `
hub: stand-in
networks:
  - { name: vms, size: 50 }
images:
  - { name: sample, path: sample }
  - { name: data, type: DATABLOCK, sizeMb: 16, attributes: 'FSTYPE = "ext4"' }
templates: []
vms: []
`;

export class CloudCommands implements AsyncDisposable {
  readonly sandbox: TestSandbox;
  readonly client: Client;

  private constructor(sandbox: TestSandbox, client: Client) {
    this.sandbox = sandbox;
    this.client = client;
  }

  /** Brings a small cloud up, which goes with this object. */
  static async start(): Promise<CloudCommands> {
    await using made = new AsyncDisposableStack();
    const sandbox = made.use(await TestSandbox.create(SMALL_CLOUD));
    await sandbox.ok('up');
    const commands = new CloudCommands(sandbox, await sandbox.client());
    made.move();
    return commands;
  }

  /**
   * Creates a VM and waits until it runs.
   * @param more  lines of its template besides image, network and capacity
   * @param host  where it is to run; empty for any
   */
  async create(name: string, more = '', host = 'host-1', image = 'sample'): Promise<Vm> {
    return this.reach(await this.submit(name, more, host, image), 'RUNNING');
  }

  /** The same without waiting. @returns its id */
  async submit(name: string, more = '', host = '', image = 'sample'): Promise<number> {
    return this.createOf(this.#templateOf(name, more, host, image));
  }

  /** So many alike, anywhere, by one command. @returns their ids */
  async submitMany(name: string, count: number): Promise<number[]> {
    return this.#createFrom('onevm', this.#templateOf(name), '--multiple', String(count));
  }

  #templateOf(name: string, more = '', host = '', image = 'sample'): string {
    return `
NAME = "${name}"
CPU = "0.1"
MEMORY = "64"
DISK = [ IMAGE = "${image}" ]
NIC = [ NETWORK = "vms" ]
CONTEXT = [ NETWORK = "YES" ]
${host === '' ? '' : `SCHED_REQUIREMENTS = "NAME = \\"${host}\\""`}
${more}`;
  }

  /** @returns id of a VM of a whole template */
  async createOf(template: string): Promise<number> {
    const [id = -1] = await this.#createFrom('onevm', template);
    return id;
  }

  /** @returns id of an image that is made of a template */
  async createImage(template: string): Promise<number> {
    const [id = -1] = await this.#createFrom('oneimage', template, '--datastore', 'onedock');
    return id;
  }

  reach(vm: number | Pick<Vm, 'id'>, goal: VmGoal): Promise<Vm> {
    return waitForVm(this.client, typeof vm === 'number' ? vm : vm.id, goal);
  }

  /** One `onevm` command on a VM, then the state that it leads to. */
  async onevm(verb: string, vm: Pick<Vm, 'id'>, ...words: string[]): Promise<string> {
    return this.sandbox.one('onevm', verb, String(vm.id), ...words);
  }

  /** Does it and waits until the VM is there again. */
  async change(goal: VmGoal, verb: string, vm: Pick<Vm, 'id'>, ...words: string[]): Promise<Vm> {
    await this.onevm(verb, vm, ...words);
    return this.reach(vm, goal);
  }

  /** A shell script in the VM, wherever it is. @returns what it printed */
  async inside(vm: Pick<Vm, 'id'>, script: string): Promise<string> {
    return this.sandbox.inside(await this.client.vm.info(vm.id), 'sh', '-c', script);
  }

  /** Waits until the VM has left what an operation put it into, or failed in; its ERROR is answered. */
  async failed(vm: Pick<Vm, 'id'>): Promise<string> {
    const { error } = await waitUntil({
      awaited: `VM ${vm.id} with an error`,
      look: () => this.client.vm.info(vm.id),
      done: (now) => now.error !== '',
      describe: (now) => now.lcmState,
    });
    return error;
  }

  async terminate(...vms: readonly Pick<Vm, 'id'>[]): Promise<void> {
    await this.sandbox.one('onevm', 'terminate', '--hard', vms.map(({ id }) => id).join(','));
    await Promise.all(vms.map((vm) => this.reach(vm, 'DONE')));
  }

  /** What VMs have left on a host: containers, cables, mounts, loop devices of its own, files, images of theirs. */
  async leftovers(host: string): Promise<string> {
    const found = await Promise.all([
      this.sandbox.on(host, 'docker', 'ps', '--all', '--format', 'container {{.Names}}'),
      this.sandbox.on(host, 'docker', 'images', '--format', 'image {{.Repository}}'),
      this.sandbox.on(host, '/usr/lib/onedock/onedock-host-helper', 'status'),
      this.sandbox.on(host, 'find', '/var/lib/one/datastores', '-mindepth', '2', '-not', '-path', '*/.*'),
    ]);
    const lines = found.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    return lines.filter((line) => !/^image (?!.*(onedock\/vm-|<none>))/.test(line)).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client[Symbol.dispose]();
    await this.sandbox[Symbol.asyncDispose]();
  }

  async #createFrom(command: 'onevm' | 'oneimage', template: string, ...words: string[]): Promise<number[]> {
    const file = join(this.sandbox.folder, `${randomUUID()}.tmpl`);
    await writeFile(file, template);
    const printed = await this.sandbox.one(command, 'create', ...words, file);
    return Array.from(printed.matchAll(/ID: (\d+)/g), ([, id]) => Number(id));
  }
}
