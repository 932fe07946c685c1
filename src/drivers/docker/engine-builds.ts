/**
 * Images that an engine builds from a Dockerfile, by the builder that every release has without a session of its own
 * (Engine API, "Build an image", version 1). It keeps what it makes on its way as images without a name; what a build
 * leaves is found by a label that the Dockerfile gives to each stage.
 */
import type { Readable } from 'node:stream';
import { jsonLines } from '../../transport/json-lines.ts';
import { query } from './docker-http.ts';
import type { EngineApi } from './engine-api.ts';
import { fail, hasCode, wordsOfEngine } from './errors.ts';

export interface BuildOptions {
  /** `server/repository:tag` */
  readonly tag: string;
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string;
  readonly target?: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  /** Of the containers that run its commands: `none`, or a network of the engine. */
  readonly network: string;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Told of each step as it begins: `Step 2/5 : RUN make`. */
  readonly onStep: (step: string) => void;
}

const BYTES_PER_MB = 2 ** 20;
const CPU_PERIOD_MICROSECONDS = 100_000;
const STEP = /^Step \d+\/\d+ : /;
/** What the builder says of its own work between the lines of a command. */
const OWN_WORDS = /^(?: ---> |Removing intermediate container )/;
/** It colours what a command prints to its standard error. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const COLOURS = /\x1b\[[\d;]*m/g;
/** Of a step's output, for the error that it ends in. */
const MOST_OUTPUT = 2000;

export class EngineBuilds {
  readonly #api: EngineApi;

  constructor(api: EngineApi) {
    this.#api = api;
  }

  /** @param context  a tar archive, plain @throws DOCKER_BUILD_FAILED with the step and what it printed */
  async build(context: Readable, options: BuildOptions): Promise<void> {
    const deadline = AbortSignal.timeout(options.timeoutSeconds * 1000);
    const signal = AbortSignal.any([deadline, options.signal]);
    const told = { step: '', output: '' };
    try {
      const call = { method: 'POST', path: `/build${query(parameters(options))}`, archive: context } as const;
      await this.#follow(await this.#api.stream(call, signal), told, options.onStep);
    } catch (error) {
      options.signal.throwIfAborted();
      const message = deadline.aborted ? `it took longer than ${options.timeoutSeconds} s` : wordsOfEngine(error);
      if (context.errored) throw context.errored;
      const output = told.output.trim().slice(-MOST_OUTPUT);
      throw fail('DOCKER_BUILD_FAILED', { place: this.#api.place, step: told.step, message, output }, error);
    }
  }

  /** Removes containers and images that builds have left, by a label `name`; those that somebody uses stay. */
  async removeLabelled(label: string): Promise<void> {
    const filters = query({ all: 'true', filters: JSON.stringify({ label: [label] }) });
    const remove = async (kind: 'containers' | 'images') => {
      const listed = { method: 'GET', path: `/${kind}/json${filters}` } as const;
      const found = await this.#api.json<{ Id: string }[]>(listed, { timeoutSeconds: TIMEOUT_SECONDS });
      // One by one: an image goes with the ones that it was made from.
      for (const { Id } of found) await this.#remove(`/${kind}/${Id}${query({ force: 'true' })}`);
    };
    await remove('containers');
    await remove('images');
  }

  /** An answer that is a stream of what the builder prints; its failure stands in its midst. */
  async #follow(stream: Readable, told: { step: string; output: string }, onStep: (step: string) => void) {
    for await (const line of jsonLines<BuildLine>(stream)) {
      if (line.error !== undefined) throw new Error(line.errorDetail?.message ?? line.error);
      const text = (line.stream ?? '').replaceAll(COLOURS, '');
      if (STEP.test(text)) {
        told.step = text.trim();
        told.output = '';
        onStep(told.step);
      } else if (!OWN_WORDS.test(text)) told.output = `${told.output}${text}`.slice(-2 * MOST_OUTPUT);
    }
  }

  async #remove(path: string): Promise<void> {
    try {
      await this.#api.text({ method: 'DELETE', path }, { timeoutSeconds: TIMEOUT_SECONDS });
    } catch (error) {
      if (!hasCode(error, 'DOCKER_NOT_FOUND', 'DOCKER_CONFLICT')) throw error;
    }
  }
}

const TIMEOUT_SECONDS = 120;

interface BuildLine {
  readonly stream?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

function parameters(options: BuildOptions): Record<string, string> {
  const { tag, dockerfile, target, args, network, memoryMb, cpus } = options;
  const memory = String(memoryMb * BYTES_PER_MB);
  return {
    t: tag,
    dockerfile,
    rm: 'true',
    forcerm: 'true',
    buildargs: JSON.stringify(args),
    networkmode: network,
    memory,
    memswap: memory,
    cpuperiod: String(CPU_PERIOD_MICROSECONDS),
    cpuquota: String(Math.ceil(cpus * CPU_PERIOD_MICROSECONDS)),
    ...(target === undefined ? {} : { target }),
  };
}
