/** Processor time of a sandbox's machines, by the control groups in which LXC keeps them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotMeasurable } from './figure.ts';

const ROOT = '/sys/fs/cgroup';

/** Of all machines together, with all that they run. @throws NotMeasurable where no group says it */
export async function readProcessorSeconds(sandbox: string): Promise<number> {
  const prefix = `lxc.payload.onedock-${sandbox}-`;
  for (const { folder, read } of [
    { folder: join(ROOT, 'cpuacct'), read: secondsOfVersion1 },
    { folder: ROOT, read: secondsOfVersion2 },
  ]) {
    const groups = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(prefix));
    if (groups.length === 0) continue;
    const seconds = await Promise.all(groups.map((group) => read(join(folder, group))));
    return seconds.reduce((sum, each) => sum + each, 0);
  }
  throw new NotMeasurable('No control group tells the processor time of the machines.');
}

async function secondsOfVersion1(group: string): Promise<number> {
  return Number(await readFile(join(group, 'cpuacct.usage'), 'utf8')) / 1e9;
}

async function secondsOfVersion2(group: string): Promise<number> {
  const [, microseconds] = /^usage_usec (\d+)$/m.exec(await readFile(join(group, 'cpu.stat'), 'utf8')) ?? [];
  return Number(microseconds) / 1e6;
}
