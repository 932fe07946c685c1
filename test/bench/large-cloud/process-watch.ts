/**
 * Loaded into a process that is measured, before its program: tells over a socket how long the event loop was held up
 * since it was last asked, and how much memory the process takes. An answer of its own would wait in the same queue, so
 * what is told is what was counted.
 */
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface ProcessFigures {
  /** Longest time for which nothing else could run, in milliseconds. On a busy machine others are part of it. */
  readonly longestStallMs: number;
  /** The most that the thread itself worked in one go, in milliseconds of the processor. */
  readonly longestTurnMs: number;
  /** Of the processor, since the process was started. */
  readonly processorSeconds: number;
  readonly residentMebibytes: number;
}

/** Where the socket is to be made. */
export const SOCKET_VARIABLE = 'ONEDOCK_BENCH_SOCKET';

/** Milliseconds between looks at the clock: no stall shorter than that is seen. */
const RESOLUTION_MS = 5;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

let longestTurnMs = 0;
let worked = threadMilliseconds();
setInterval(() => {
  const now = threadMilliseconds();
  longestTurnMs = Math.max(longestTurnMs, now - worked);
  worked = now;
}, RESOLUTION_MS).unref();

function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const server = createServer((_, response) => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const figures: ProcessFigures = {
    longestStallMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
    longestTurnMs: Math.max(0, longestTurnMs - RESOLUTION_MS),
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
    residentMebibytes: process.memoryUsage.rss() / 2 ** 20,
  };
  delay.reset();
  longestTurnMs = 0;
  response.setHeader('Connection', 'close');
  response.end(JSON.stringify(figures));
});
const path = process.env[SOCKET_VARIABLE];
if (path !== undefined) server.listen(path).unref();
