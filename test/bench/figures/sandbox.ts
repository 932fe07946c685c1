/** The verbs of a sandbox as a user runs them: a front-end, two hosts, a first VM that answers. Images are cached. */
import { makeBareMachines } from '../bare-machines.ts';
import type { Figure } from '../figure.ts';
import { frontEndMebibytes } from '../front-end-process.ts';
import { onedock, secondsOf } from '../onedock.ts';
import { requireRoot, shareSandbox } from '../sandbox-stage.ts';

interface Size {
  readonly name: string;
  readonly options: readonly string[];
  readonly machines: number;
}

const TWO_HOSTS: Size = { name: 'up', options: [], machines: 3 };
const SIXTEEN_HOSTS: Size = { name: 'up-16', options: ['--hosts', '16'], machines: 17 };
const THIRTY_TWO_HOSTS: Size = { name: 'up-32', options: ['--hosts', '32'], machines: 33 };

export const up: Figure = {
  ...upFigure(TWO_HOSTS),
  title: 'onedock up, warm',
  rounds: [5, 1],
  targets: [
    { kind: 'value', limit: 5 },
    { kind: 'ratio', limit: 4 },
  ],
};

export const sixteenHosts: Figure = {
  ...upFigure(SIXTEEN_HOSTS),
  title: 'onedock up, warm, 16 hosts',
  rounds: [2, 1],
  targets: [{ kind: 'value', limit: 8 }],
};

export const thirtyTwoHosts: Figure = {
  ...upFigure(THIRTY_TWO_HOSTS),
  title: 'onedock up, warm, 32 hosts',
  rounds: [1, 1],
  targets: [{ kind: 'value', limit: 15 }],
};

function upFigure({ name: figure, options, machines }: Size) {
  return {
    name: figure,
    floorTitle: `${machines} LXC machines of the same packages until their Docker Engines answer`,
    unit: 's',
    async prepare() {
      requireRoot();
      const name = `bench-${figure}-${process.pid}`;
      const bare = await makeBareMachines(machines);
      const down = () => onedock(name, 'down', '--yes');
      return {
        async ours() {
          const seconds = await secondsOf(() => onedock(name, 'up', ...options));
          await down();
          return seconds;
        },
        floor: () => bare.startAndStop(),
        async [Symbol.asyncDispose]() {
          await down();
          await bare[Symbol.asyncDispose]();
        },
      };
    },
  } as const;
}

/** What of `up` is won by the layers, whose machines leave out at boot what a container has no use for. */
export const boot: Figure = {
  name: 'boot',
  title: 'three machines on the layers until their Docker Engines answer',
  floorTitle: 'three LXC machines of the same packages, which start as Debian has them start',
  unit: 's',
  rounds: [5, 1],
  targets: [],
  async prepare() {
    requireRoot();
    await using made = new AsyncDisposableStack();
    const quick = made.use(await makeBareMachines(TWO_HOSTS.machines, 'quick'));
    const stock = made.use(await makeBareMachines(TWO_HOSTS.machines, 'stock'));
    const all = made.move();
    return {
      ours: () => quick.startAndStop(),
      floor: () => stock.startAndStop(),
      [Symbol.asyncDispose]: () => all.disposeAsync(),
    };
  },
};

export const upAgain: Figure = {
  name: 'up-again',
  title: 'onedock up, nothing to do',
  unit: 's',
  rounds: [5, 2],
  targets: [{ kind: 'value', limit: 1 }],
  async prepare(stage) {
    const { name } = await shareSandbox(stage);
    return { ours: () => secondsOf(() => onedock(name, 'up')), async [Symbol.asyncDispose]() {} };
  },
};

export const down: Figure = {
  name: 'down',
  title: 'onedock down, with audit',
  unit: 's',
  rounds: [3, 1],
  targets: [{ kind: 'value', limit: 2 }],
  async prepare() {
    requireRoot();
    const name = `bench-dn-${process.pid}`;
    const remove = () => onedock(name, 'down', '--yes');
    return {
      async ours() {
        await onedock(name, 'up');
        return secondsOf(remove);
      },
      async [Symbol.asyncDispose]() {
        await remove();
      },
    };
  },
};

export const hostAdd: Figure = {
  name: 'host-add',
  title: 'onedock host add',
  unit: 's',
  rounds: [5, 1],
  targets: [{ kind: 'value', limit: 2.5 }],
  async prepare(stage) {
    const { name } = await shareSandbox(stage);
    return {
      async ours() {
        const seconds = await secondsOf(() => onedock(name, 'host', 'add'));
        await onedock(name, 'host', 'rm', ADDED_HOST);
        return seconds;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
};

export const frontEndMemory: Figure = {
  name: 'front-end-memory',
  title: 'memory of the front-end, its cloud at rest',
  unit: 'MiB',
  rounds: [1, 1],
  targets: [{ kind: 'value', limit: 120 }],
  async prepare(stage) {
    const { frontEnd } = await shareSandbox(stage);
    return { ours: () => frontEndMebibytes(frontEnd), async [Symbol.asyncDispose]() {} };
  },
};

/** The next one of a sandbox that has two. */
const ADDED_HOST = 'host-3';
