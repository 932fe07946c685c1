/** Several machines at the same time, and what the front-end learns of them. */
import type { SshServer } from '../../transport/ssh.ts';
import type { Root } from '../root.ts';
import type { Cloud } from './cloud.ts';
import { fail } from './errors.ts';
import { openMachine } from './login.ts';
import { type HostPlan, planHost, prepareHost } from './prepare.ts';
import { editKnownHosts, knownName, withKey } from './trust.ts';

export interface PlannedHost extends HostPlan {
  readonly address: string;
  readonly server: SshServer;
}

/** Nothing is changed. @throws HOST_UNFIT, SSH_* */
export function planAll(
  servers: readonly { readonly address: string; readonly server: SshServer }[],
  root: Root,
  cloud: Cloud,
): Promise<PlannedHost[]> {
  return Promise.all(
    servers.map(async ({ address, server }) => {
      await using machine = openMachine(server);
      const plan = await planHost(machine, cloud);
      const path = cloud.settings?.ssh.knownHostsFile;
      const text = path === undefined ? '' : ((await root.readText(path)) ?? '');
      const isKnown = path === undefined || withKey(text, nameOf(server, cloud), plan.hostKey) === text;
      return { ...plan, address, server, changes: [...plan.changes, ...(isKnown ? [] : [`add its key to ${path}`])] };
    }),
  );
}

/** @throws MACHINE_DIFFERS, COMMAND_FAILED, SSH_*; the signal's reason before a machine that was not begun */
export async function prepareAll(
  planned: readonly PlannedHost[],
  root: Root,
  cloud: Cloud,
  { report, signal }: { readonly report: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const work = planned
    .filter(({ changes }) => changes.length > 0)
    .map(async ({ address, server, ...plan }) => {
      signal.throwIfAborted();
      await using machine = openMachine(server);
      await prepareHost(machine, cloud, plan);
      report(`${address} is prepared`);
    });
  // All come to their end, so that none is left in the middle because another has failed.
  const failed = (await Promise.allSettled(work)).find((each) => each.status === 'rejected');
  const path = cloud.settings?.ssh.knownHostsFile;
  if (path !== undefined)
    await editKnownHosts(root, path, (text) =>
      planned.reduce((known, { server, hostKey }) => withKey(known, nameOf(server, cloud), hostKey), text),
    );
  if (failed) throw failed.reason;
}

/** As the drivers look for it. */
function nameOf({ host }: SshServer, { settings }: Cloud): string {
  return knownName(host, settings?.ssh.port ?? 22);
}

/** @param findings  of `host check`, a sentence each */
export const notReady = (findings: readonly string[]) => fail('HOST_NOT_READY', { findings });
