/** What is tried on the stock machine. Time limits allow for emulation, which is ten to twenty times slower. */
import { CLONE } from './guest.ts';

export interface Step {
  readonly name: string;
  readonly title: string;
  /** For the guest's shell. */
  readonly command: string;
  readonly timeoutSeconds: number;
  /** Steps without which this one makes no sense. */
  readonly needs?: readonly string[];
}

const inClone = (command: string) => `cd ${CLONE} && ${command}`;

/** @param tests  projects of `npm test`; all when there are none */
export function stepsWith(tests: readonly string[]): readonly Step[] {
  const test = ['npm test', ...(tests.length === 0 ? [] : ['--', ...tests])].join(' ');
  return STEPS.map((step) => (step.name === 'test' ? { ...step, title: test, command: inClone(test) } : step));
}

export const STEPS: readonly Step[] = [
  {
    name: 'kernel',
    title: 'the kernel has cgroup v2, NBD, ISO9660 and overlay',
    command: '[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] && modprobe nbd && modprobe isofs && modprobe overlay',
    timeoutSeconds: 60,
  },
  {
    name: 'sandbox',
    title: 'npm run sandbox, from a clean clone',
    command: inClone('npm run sandbox'),
    timeoutSeconds: 5400,
  },
  {
    name: 'page',
    title: "the first VM's page answers",
    command: inClone(
      `address=$(npx onedock status --json | node -pe 'JSON.parse(require("fs").readFileSync(0)).vms[0].addresses[0]')` +
        ' && curl --fail --silent --show-error --max-time 60 "http://$address/"',
    ),
    timeoutSeconds: 120,
    needs: ['sandbox'],
  },
  {
    name: 'again',
    title: 'npm run sandbox, with nothing to do',
    command: inClone('npm run sandbox'),
    timeoutSeconds: 600,
    needs: ['sandbox'],
  },
  {
    name: 'life-cycle',
    title: 'the life-cycle suite, on a sandbox of its own with two hosts',
    command: inClone('npm run system -- test/system/cloud.test.ts'),
    timeoutSeconds: 7200,
    needs: ['sandbox'],
  },
  {
    name: 'test',
    title: 'npm test',
    command: inClone('npm test'),
    timeoutSeconds: 36_000,
    needs: ['sandbox'],
  },
  {
    name: 'down',
    title: 'npm run sandbox -- down --yes, with nothing left',
    command: inClone('npm run sandbox -- down --yes'),
    timeoutSeconds: 300,
    needs: ['sandbox'],
  },
];
