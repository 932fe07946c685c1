/**
 * The files of the remotes folder: one for each action that OpenNebula calls, a shell script of few lines that hands over
 * to the drivers' program. Pure but for loading the table of drivers.
 */
import { remotesScripts, script } from '../drivers/contract/install-remotes.ts';
import { driverTable } from '../drivers/table.ts';
import { DRIVER } from './edit-configuration.ts';
import { DRIVERS_PROGRAM, NODE, REMOTES } from './places.ts';

export interface DriverScript {
  readonly path: string;
  readonly content: string;
}

/** Of OpenNebula's own drivers none is replaced: only those by our name are placed. */
export async function driverScripts(): Promise<DriverScript[]> {
  const program = { nodePath: NODE, bundlePath: DRIVERS_PROGRAM };
  const actions = await remotesScripts(driverTable, { ...program, drivers: [DRIVER] });
  return [
    ...actions
      .filter(({ path }) => !path.startsWith('im/'))
      .map(({ path, content }) => ({
        path: `${REMOTES}/${path}`,
        content: path === `vmm/${DRIVER}/deploy` ? content.replace('\nexec', `\n${TIDY}exec`) : content,
      })),
    ...NETWORK_OBJECT_ACTIONS.map((action) => ({ path: `${REMOTES}/vnm/${DRIVER}/${action}`, content: NOTHING_TO_DO })),
    { path: `${REMOTES}/im/${DRIVER}.d/onedock_control.sh`, content: CONTROL },
  ];
}

/** Whether it is a script of this program's, of whatever release. */
export function isDriverScript(content: string): boolean {
  return content === NOTHING_TO_DO || content.includes(DRIVERS_PROGRAM);
}

/**
 * one_vmm_exec writes these two files where deploy runs, for scripts that want them; here that is the front-end, where
 * nobody would remove them.
 */
const TIDY = `rm -f "\${1%/*}/vm.xml" "\${1%/*}/ds.xml"
rmdir "\${1%/*}" 2>/dev/null
`;

/** The IPAM driver calls these when a network is made or deleted, on the front-end; a driver that lacks them fails. */
const NETWORK_OBJECT_ACTIONS = ['vnet_create', 'vnet_delete'];

const NOTHING_TO_DO = '#!/bin/sh\n# Networks need nothing of the front-end: the bridge is made on hosts.\nexit 0\n';

/** Called by im/run_monitord_client to start the agent of a host, and by im/stop_monitord_client with \`stop\` before. */
const CONTROL = script([NODE, DRIVERS_PROGRAM, 'agent']);
