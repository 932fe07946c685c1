/** A file's lock that a test holds alone, until it says so. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

export async function holdAlone(path: string) {
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo held && exec cat']);
  await once(holder.stdout, 'data');
  const { ino } = await stat(path);
  return {
    /** Until somebody stands in line for it. */
    async waitedFor() {
      const isWaiting = (line: string) => line.includes('->') && line.includes(`:${ino} `);
      while (!(await readFile('/proc/locks', 'utf8')).split('\n').some(isWaiting)) await setTimeout(5);
    },
    end: () => holder.stdin.end(),
  };
}
