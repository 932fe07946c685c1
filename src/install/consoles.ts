/** Consoles of VMs on a front-end: a folder, and the service that shows what drivers write there. */
import {
  CONSOLE_FILES,
  CONSOLE_PATH_UNIT,
  CONSOLE_SERVICE_UNIT,
  CONSOLES_FOLDER,
} from '../../provision/console-units.ts';
import type { Change } from './change.ts';

/** The folder is last: drivers take it for a sign that somebody reads there. */
export const CONSOLE_CHANGES: readonly Change[] = [
  ...CONSOLE_FILES.map(({ path, content }): Change => ({ kind: 'write', path, mode: 0o644, owner: 'root', content })),
  { kind: 'folder', path: CONSOLES_FOLDER, mode: 0o700, owner: 'oneadmin' },
];

/** All that is there of consoles. */
export const CONSOLE_PATHS: readonly string[] = [CONSOLES_FOLDER, ...CONSOLE_FILES.map(({ path }) => path)];

const UNIT = /\/onedock-console\.\w+$/;

/** @param changes  those of the plan; without one of a unit it runs as it did */
export function startConsoles(changes: readonly Change[]): Change[] {
  if (!changes.some((change) => 'path' in change && UNIT.test(change.path))) return [];
  return [command('daemon-reload'), command('enable', '--now', CONSOLE_PATH_UNIT)];
}

export function stopConsoles(): Change[] {
  return [command('disable', '--now', CONSOLE_PATH_UNIT), command('stop', CONSOLE_SERVICE_UNIT)];
}

function command(...words: string[]): Change {
  return { kind: 'command', argv: ['systemctl', ...words] };
}
