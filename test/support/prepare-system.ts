/**
 * What system tests use and would spend minutes on: Pulumi's engine, and the layers and box of LXC machines. Whatever
 * cannot be had here is left to the tests, which say why.
 */
import { constants, setPriority } from 'node:os';
import { ensureBox } from '../../lxc/box/box.ts';
import { DEFAULT_PLACES } from '../../lxc/names.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { findEngine } from '../../stacks/engine/engine.ts';
import { noSandbox } from './test-sandbox.ts';

// Inherited by all that is started: the tests that run meanwhile have their time.
setPriority(constants.priority.PRIORITY_LOW);
const say = (line: string) => process.stderr.write(`for the system tests: ${line}\n`);

await using local = new LocalTransport();
if (noSandbox() === undefined) {
  await Promise.allSettled([ensureBox({ local, places: DEFAULT_PLACES, mirror: undefined }, say), findEngine(say)]);
}
