/**
 * `npm run test:vm`: plays a person with a fresh machine. Boots one in QEMU, in which nothing of ours is installed,
 * clones the repository, runs the README's first command, looks at the VM's page, runs the life-cycle suite and then the
 * README's second command. Says how long each took. Exit codes: 0 all steps passed, 1 one failed, 2 wrong arguments.
 */
import { parseArgs } from 'node:util';
import { seconds } from '../../src/cli/sandbox/output/seconds.ts';
import { TEST_PROJECTS } from '../../src/cli/sandbox/self-test.ts';
import { cloneRepository, configurePackages } from './guest.ts';
import { startMachine } from './machine.ts';
import { packageSources } from './package-sources.ts';
import { RELEASES, releaseOf, requireMirror } from './releases.ts';
import { ensureRootImage } from './root-image.ts';
import { runSteps, type StepResult } from './run-steps.ts';
import { STEPS, stepsWith } from './steps.ts';

const USAGE = `Usage: npm run test:vm -- [options]
  --release NAME    of Debian or Ubuntu: ${Object.keys(RELEASES).join(', ')} (bookworm)
  --mirror URL      where its packages come from (for Debian: where this machine's own do)
  --keyring FILE    keys that sign them, where this machine has them not in their usual place
  --processors N    virtual processors (2)
  --memory-mb N     memory of the machine (8192)
  --steps a,b       only these steps, in their order: ${STEPS.map(({ name }) => name).join(', ')}
  --tests a,b       only these projects of \`npm test\`: ${TEST_PROJECTS.join(', ')}
  --patience N      all time limits are N times as long, for a machine that does other work (1)
  --cache DIR       where the machine's disk is kept (/var/cache/onedock/vm)
  --verbose         show what the commands print
  --json            print the result as JSON`;

const options = parseOptions();
const repository = `${import.meta.dirname}/../..`;
const sources = await packageSources(options.release, options);
const image = await ensureRootImage({ cacheFolder: options.cache, release: options.release, sources }, say);

const results = await playThrough();
process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `${results.map(line).join('\n')}\n`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

async function playThrough(): Promise<StepResult[]> {
  const { processors, memoryMb, patience } = options;
  await using machine = await startMachine(image, { processors, memoryMb, bootTimeoutSeconds: 600 * patience });
  say(`booted under ${machine.accelerator} in ${machine.bootSeconds.toFixed(1)} s`);
  await configurePackages(machine.guest, sources, patience);
  await cloneRepository(machine.guest, repository, patience);
  const chosen = stepsWith(options.tests).filter(({ name }) => options.steps.includes(name));
  const boot = {
    name: 'boot',
    title: `boots under ${machine.accelerator}`,
    passed: true,
    seconds: machine.bootSeconds,
  };
  return [boot, ...(await runSteps(machine.guest, chosen, { say, showOutput: options.verbose, patience }))];
}

function parseOptions() {
  try {
    const { values } = parseArgs({
      options: {
        release: { type: 'string', default: 'bookworm' },
        mirror: { type: 'string' },
        keyring: { type: 'string' },
        processors: { type: 'string', default: '2' },
        'memory-mb': { type: 'string', default: '8192' },
        steps: { type: 'string' },
        tests: { type: 'string' },
        patience: { type: 'string', default: '1' },
        cache: { type: 'string', default: '/var/cache/onedock/vm' },
        verbose: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { mirror, keyring, cache, verbose, json } = values;
    const release = releaseOf(values.release);
    requireMirror(release, { mirror });
    return {
      ...{ release, mirror, keyring, cache, verbose, json },
      processors: Number(values.processors),
      memoryMb: Number(values['memory-mb']),
      patience: Number(values.patience),
      steps: chosenFrom(
        'step',
        STEPS.map(({ name }) => name),
        values.steps,
      ),
      tests: values.tests === undefined ? [] : chosenFrom('project', TEST_PROJECTS, values.tests),
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
    process.exit(2);
  }
}

/** All of them where none is named. */
function chosenFrom(kind: string, all: readonly string[], names: string | undefined): readonly string[] {
  const chosen = names?.split(',') ?? all;
  const unknown = chosen.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`There is no ${kind} ${unknown}; there are ${all.join(', ')}.`);
  return chosen;
}

function say(text: string): void {
  process.stderr.write(`${process.uptime().toFixed(0).padStart(5)} s  ${text}\n`);
}

function line({ title, passed, seconds: took, parts = [], reason }: StepResult): string {
  const below = [...parts.map((part) => `    ${part}`), ...(reason === undefined ? [] : [reason])];
  return [`${passed ? '✓' : '✗'} ${title} (${seconds(took)})`, ...below].join('\n');
}
