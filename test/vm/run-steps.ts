import type { Transport } from '../../src/transport/transport.ts';
import type { Step } from './steps.ts';

export interface StepResult {
  readonly name: string;
  readonly title: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** What the command said of its parts: the lines that begin with ✓ or ✗. */
  readonly parts?: readonly string[];
  /** The end of what was printed, when it failed. */
  readonly reason?: string;
}

interface Way {
  readonly showOutput: boolean;
  /** By what time limits are multiplied. */
  readonly patience: number;
}

const REASON_CHARACTERS = 4000;
const PART = /^[✓✗] \S/;

/** Runs steps in turn; after one that failed, those that need it are not tried. */
export async function runSteps(
  guest: Pick<Transport, 'run'>,
  steps: readonly Step[],
  { say, ...way }: Way & { say: (line: string) => void },
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    const failed = results.find(({ name, passed }) => !passed && step.needs?.includes(name));
    const result =
      failed === undefined
        ? await runStep(guest, step, way)
        : { ...header(step), passed: false, seconds: 0, reason: `Not tried: it needs "${failed.title}".` };
    say(`${result.passed ? '✓' : '✗'} ${result.title}`);
    results.push(result);
  }
  return results;
}

async function runStep(guest: Pick<Transport, 'run'>, step: Step, { showOutput, patience }: Way): Promise<StepResult> {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  let printed = '';
  let line = '';
  const parts: string[] = [];
  const onOutput = (chunk: string) => {
    printed = (printed + chunk).slice(-REASON_CHARACTERS);
    const lines = (line + chunk).split('\n');
    line = lines.pop() ?? '';
    parts.push(...lines.filter((each) => PART.test(each)));
    if (showOutput) process.stderr.write(chunk);
  };
  try {
    const env = { ONEDOCK_TEST_PATIENCE: String(patience) };
    await guest.run(['sh', '-c', step.command], { env, timeoutSeconds: step.timeoutSeconds * patience, onOutput });
    return { ...header(step), passed: true, seconds: elapsed(), parts };
  } catch (error) {
    const reason = printed === '' && error instanceof Error ? error.message : printed;
    return { ...header(step), passed: false, seconds: elapsed(), parts, reason };
  }
}

function header({ name, title }: Step): Pick<StepResult, 'name' | 'title'> {
  return { name, title };
}
