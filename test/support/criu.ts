/** Where processes of containers can be carried to another host. */
import { execFileSync } from 'node:child_process';

/** What runc tells CRIU, as hosts have it for live migration (docs/how-to/migrate-live.md). */
export const CRIU_CONFIGURATION = [
  'enable-external-masters',
  'external mnt[]',
  'file-locks',
  'shell-job',
  'skip-in-flight',
  'tcp-close',
  '',
].join('\n');

/** Why this machine cannot; nothing when it can. */
export function criuMissing(): string | undefined {
  for (const words of [['check'], ['check', '--feature', 'seccomp_suspend']]) {
    try {
      execFileSync('criu', words, { stdio: 'pipe' });
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer };
      if (code === 'ENOENT') return 'live migration needs criu';
      return `criu ${words.join(' ')} fails: ${`${stderr ?? ''}`.trim().split('\n').at(-1)}`;
    }
  }
  return undefined;
}
