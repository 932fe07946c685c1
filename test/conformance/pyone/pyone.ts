/** pyone in a process of its own, which makes one call after the other. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { ensurePythonEnvironment } from '../../support/python-environment.ts';
import type { Param } from './step.ts';

export type Outcome = Value | Document | Raised;

export interface Value {
  readonly value: string | number | boolean;
}

/** As the bindings hold it. */
export interface Document {
  readonly document: object;
  /** Its root element. */
  readonly type: string;
  /** Elements that came in, and that the bindings do not know. */
  readonly unbound: readonly string[];
}

export interface Raised {
  /** Name of the class. */
  readonly exception: string;
  readonly message: string;
}

export interface Pyone extends AsyncDisposable {
  /** @param method without `one.` */
  call(session: string, method: string, params: readonly Param[]): Promise<Outcome>;
}

export async function startPyone(endpoint: string): Promise<Pyone> {
  const environment = await ensurePythonEnvironment('pyone');
  const child = execa(join(environment, 'bin/python'), [join(import.meta.dirname, 'bridge.py'), endpoint], {
    stdin: 'pipe',
    stderr: 'inherit',
    reject: false,
  });
  const outcomes = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async call(session, method, params) {
      child.stdin.write(`${JSON.stringify({ session, method, params })}\n`);
      const { value, done } = await outcomes.next();
      if (done) throw new Error('The bridge to pyone has ended; its standard error says why.');
      return JSON.parse(value) as Outcome;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await child;
    },
  };
}
