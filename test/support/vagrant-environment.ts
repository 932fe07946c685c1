/** What Vagrant finds on a user's machine: a bridge for its LXC machines, and our box. Its home is a temporary one. */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOX_NAME, ensureBox } from '../../lxc/box/box.ts';
import { DEFAULT_PLACES } from '../../lxc/names.ts';
import { REPOSITORY } from '../../provision/bundle.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { noSandbox } from './test-sandbox.ts';

const NEEDED = { vagrant: '/usr/bin/vagrant', 'vagrant-lxc': '/var/lib/dpkg/info/vagrant-lxc.list' };

/** Why Vagrant makes no machines of LXC here; undefined where it does. */
export function noVagrant(): string | undefined {
  const missing = Object.entries(NEEDED).flatMap(([name, path]) => (existsSync(path) ? [] : [name]));
  return noSandbox() ?? (missing.length === 0 ? undefined : `needs Debian's packages ${missing.join(' and ')}`);
}

/** Three numbers of addresses that nobody has here: a test that was killed leaves its bridge, which would swallow all packets. */
function freeNetwork(): string {
  const taken = Object.values(networkInterfaces()).flatMap(
    (addresses) => addresses?.map(({ address }) => address) ?? [],
  );
  const isFree = (network: string) => !taken.some((address) => address.startsWith(`${network}.`));
  const free = Array.from({ length: 254 }, (_, i) => `10.217.${i + 1}`).filter(isFree);
  return free[randomInt(free.length)] as string;
}

export class VagrantEnvironment implements AsyncDisposable {
  readonly #local = new LocalTransport();
  readonly #bridge = `vg${randomBytes(4).toString('hex')}`;
  readonly #home: string;
  readonly #network: string;

  private constructor(home: string, network: string) {
    this.#home = home;
    this.#network = network;
  }

  static async create(): Promise<VagrantEnvironment> {
    await using made = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), 'onedock-vagrant-'));
    const environment = made.use(new VagrantEnvironment(home, freeNetwork()));
    await environment.#makeBridge();
    const box = await ensureBox({ local: environment.#local, places: DEFAULT_PLACES, mirror: undefined }, () => {});
    await environment.#vagrant(home, ['box', 'add', '--name', BOX_NAME, box]);
    made.move();
    return environment;
  }

  /** The key `vagrant` of sandbox.yaml. */
  get settings() {
    return { provider: 'lxc', bridge: this.#bridge, network: `${this.#network}.0/24` } as const;
  }

  /** Variables for whoever calls Vagrant. */
  get env(): Readonly<Record<string, string>> {
    return { VAGRANT_HOME: this.#home, VAGRANT_CHECKPOINT_DISABLE: '1' };
  }

  /** `vagrant` with the repository's Vagrantfile, as for a user whose clone has the sandbox.yaml of that folder. @returns what it prints */
  run(folder: string, ...words: string[]): Promise<string> {
    return this.#vagrant(folder, words);
  }

  /** Names of the machines that there are. */
  async machines(sandbox: string): Promise<string[]> {
    const { stdout } = await this.#local.run(['lxc-ls', '-1']);
    return stdout.split('\n').filter((name) => name.startsWith(`vagrant-${sandbox}-`));
  }

  async #makeBridge(): Promise<void> {
    const bridge = this.#bridge;
    const commands = [
      `link add ${bridge} type bridge`,
      `address add ${this.#network}.1/24 dev ${bridge}`,
      `link set ${bridge} up`,
    ];
    await this.#local.run(['ip', '-batch', '-'], { stdin: commands.map((line) => `${line}\n`).join('') });
  }

  async #vagrant(folder: string, words: readonly string[]): Promise<string> {
    const { stdout } = await this.#local.run(['vagrant', ...words], {
      env: {
        ...this.env,
        VAGRANT_CWD: REPOSITORY,
        VAGRANT_DOTFILE_PATH: join(folder, '.vagrant'),
        ONEDOCK_CONFIG: join(folder, 'sandbox.yaml'),
      },
      timeoutSeconds: 300,
    });
    return stdout;
  }

  async [Symbol.asyncDispose]() {
    await this.#local.run(['ip', 'link', 'delete', this.#bridge], { acceptExitCodes: [0, 1] });
    await rm(this.#home, { recursive: true, force: true });
  }
}
