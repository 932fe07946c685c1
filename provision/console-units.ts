/** The console server of a front-end: it runs while VMs have consoles, which the drivers tell by files in a folder. */
import { ONEADMIN } from './base.ts';
import { BUNDLE_FOLDER, NODE_BINARY } from './program-places.ts';
import { unitText } from './unit-text.ts';

/** `frontend.consoles` of the drivers' settings. */
export const CONSOLES_FOLDER = `${ONEADMIN.home}/consoles`;

/** Starts the other when there is something to show. */
export const CONSOLE_PATH_UNIT = 'onedock-console.path';
export const CONSOLE_SERVICE_UNIT = 'onedock-console.service';

const SERVICE = unitText({
  Unit: { Description: 'Consoles of VMs over VNC', After: 'network.target' },
  Service: {
    User: ONEADMIN.name,
    WorkingDirectory: ONEADMIN.home,
    ExecStart: `${NODE_BINARY} ${BUNDLE_FOLDER}/console.js`,
    Restart: 'on-failure',
    RestartSec: '1',
  },
});

const PATH = unitText({
  Unit: { Description: 'Whether a VM has a console over VNC' },
  Path: { DirectoryNotEmpty: CONSOLES_FOLDER },
  Install: { WantedBy: 'multi-user.target' },
});

export const CONSOLE_FILES: readonly { readonly path: string; readonly content: string }[] = [
  { path: `/etc/systemd/system/${CONSOLE_SERVICE_UNIT}`, content: SERVICE },
  { path: `/etc/systemd/system/${CONSOLE_PATH_UNIT}`, content: PATH },
];
