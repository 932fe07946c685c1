/**
 * Driver actions in the process of an agent, for the short programs that OpenNebula calls: the agent has its libraries
 * read and its connections to hosts open, which is most of what an action costs otherwise. A connection is one call: a line
 * with the call, then lines with what it logs, then one with its result or its failure. Who hangs up cancels it.
 */
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { failureText, type LogLevel } from '../contract/action.ts';
import type { DriverCall, DriverRunner } from '../contract/driver-runner.ts';

export type Call = Pick<DriverCall, 'family' | 'driver' | 'action' | 'argv' | 'stdin'>;

export type Answer =
  | { readonly log: readonly [level: LogLevel, text: string] }
  | { readonly result: string }
  | { readonly failure: string };

/** @returns what ends the service: no call is taken any more, and those under way are waited for */
export async function serveCalls(drivers: DriverRunner, path: string): Promise<AsyncDisposable> {
  const underWay = new Set<Promise<void>>();
  const server = createServer((socket) => {
    const work = answerCall(drivers, socket).finally(() => underWay.delete(work));
    underWay.add(work);
  });
  await rm(path, { force: true });
  await once(server.listen(path), 'listening');
  await chmod(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(path, { force: true });
      await Promise.all(underWay);
    },
  };
}

async function answerCall(drivers: DriverRunner, socket: Socket): Promise<void> {
  const hungUp = new AbortController();
  socket.on('error', () => {});
  socket.on('close', () => hungUp.abort(new Error('The action was ended by its caller.')));
  const tell = (answer: Answer) => socket.write(`${JSON.stringify(answer)}\n`);
  const line = await firstLine(socket);
  if (line === undefined) return;
  try {
    const log = (level: LogLevel, text: string) => void tell({ log: [level, text] });
    const call: Call = JSON.parse(line);
    tell({ result: await drivers.run({ ...call, log, signal: hungUp.signal }) });
  } catch (error) {
    tell({ failure: failureText(error) });
  }
  socket.end();
}

/** It is read on behind the line, since nothing else tells that the caller has hung up. */
function firstLine(socket: Socket): Promise<string | undefined> {
  let text = '';
  socket.setEncoding('utf8');
  return new Promise((resolve) => {
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (chunk.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    socket.on('close', () => resolve(undefined));
  });
}
