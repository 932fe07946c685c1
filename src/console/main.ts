/**
 * The console server as a program: it is started when the first VM with GRAPHICS is, runs beside the front-end as the user
 * of the drivers, with their settings, and ends when no VM has a console any more. Bundled by esbuild.
 */
import { SshHosts } from '../drivers/hosts/ssh-hosts.ts';
import { loadSettings } from '../drivers/settings.ts';
import { presentError } from '../errors/present.ts';
import { serveConsoles } from './console-server.ts';

const IDLE_SECONDS = 60;

const ended = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.abort());
const log = (text: string) => process.stderr.write(`${text}\n`);

try {
  const settings = await loadSettings();
  await using hosts = new SshHosts(settings, { locks: 'process' });
  await serveConsoles({ folder: settings.frontend.consoles, hosts, log, idleSeconds: IDLE_SECONDS }, ended.signal);
} catch (error) {
  log(presentError(error));
  process.exitCode = 1;
}
