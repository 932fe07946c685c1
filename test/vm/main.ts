/**
 * `npm run test:vm`: plays a person with a fresh Debian machine. Boots one in QEMU, in which nothing of ours is
 * installed, clones the repository, runs the README's first command, looks at the VM's page, and runs the tests that
 * the kernel matters to. Says how long each took. Exit codes: 0 all steps passed, 1 one failed, 2 wrong arguments or a
 * machine that cannot run QEMU.
 */
import { parseArgs } from 'node:util';
import { cloneRepository, configurePackages } from './guest.ts';
import { startMachine } from './machine.ts';
import { packageSources } from './package-sources.ts';
import { ensureRootImage, RELEASES, type Release } from './root-image.ts';
import { runSteps, type StepResult } from './run-steps.ts';
import { STEPS } from './steps.ts';

const USAGE = `Usage: npm run test:vm -- [options]
  --release NAME    of Debian: ${RELEASES.join(' or ')} (bookworm)
  --processors N    virtual processors (2)
  --memory-mb N     memory of the machine (8192)
  --steps a,b       only these steps, in their order: ${STEPS.map(({ name }) => name).join(', ')}
  --cache DIR       where the machine's disk is kept (/var/cache/onedock/vm)
  --verbose         show what the commands print
  --json            print the result as JSON`;

const options = parseOptions();
const repository = `${import.meta.dirname}/../..`;
const sources = await packageSources(options.release);
const image = await ensureRootImage({ cacheFolder: options.cache, release: options.release, sources }, say);

const results = await playThrough();
process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `${results.map(line).join('\n')}\n`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

async function playThrough(): Promise<StepResult[]> {
  const { processors, memoryMb } = options;
  await using machine = await startMachine(image, { processors, memoryMb, bootTimeoutSeconds: 600 });
  say(`booted under ${machine.accelerator} in ${machine.bootSeconds.toFixed(1)} s`);
  await configurePackages(machine.guest, sources);
  await cloneRepository(machine.guest, repository);
  const chosen = options.steps === undefined ? STEPS : STEPS.filter(({ name }) => options.steps?.includes(name));
  const boot = {
    name: 'boot',
    title: `boots under ${machine.accelerator}`,
    passed: true,
    seconds: machine.bootSeconds,
  };
  return [boot, ...(await runSteps(machine.guest, chosen, { say, showOutput: options.verbose }))];
}

function parseOptions() {
  try {
    const { values } = parseArgs({
      options: {
        release: { type: 'string', default: 'bookworm' },
        processors: { type: 'string', default: '2' },
        'memory-mb': { type: 'string', default: '8192' },
        steps: { type: 'string' },
        cache: { type: 'string', default: '/var/cache/onedock/vm' },
        verbose: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { cache, verbose, json } = values;
    const numbers = { processors: Number(values.processors), memoryMb: Number(values['memory-mb']) };
    return { release: releaseOf(values.release), ...numbers, steps: values.steps?.split(','), cache, verbose, json };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
    process.exit(2);
  }
}

function releaseOf(name: string): Release {
  const release = RELEASES.find((each) => each === name);
  if (release === undefined) throw new Error(`There is no release ${name}; there are ${RELEASES.join(' and ')}.`);
  return release;
}

function say(text: string): void {
  process.stderr.write(`${process.uptime().toFixed(0).padStart(5)} s  ${text}\n`);
}

function line({ title, passed, seconds, reason }: StepResult): string {
  return `${passed ? '✓' : '✗'} ${title} (${seconds.toFixed(1)} s)${reason === undefined ? '' : `\n${reason}`}`;
}
