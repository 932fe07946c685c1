import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts a program that outlives this one: in a session of its own, with no input and nobody who reads its output. */
export async function startDetached([program = '', ...args]: readonly string[]): Promise<void> {
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  child.unref();
}
