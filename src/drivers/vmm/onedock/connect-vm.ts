import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import { nicWord } from './nics.ts';
import type { Context } from './services.ts';
import { tellUnanswered } from './unanswered.ts';
import type { Vm } from './vm.ts';

/** START_SCRIPT has a minute before it goes on in the background, see `onedock-vm-init`. */
const CONTEXT_SECONDS = 90;

/**
 * Plugs in the NICs of a VM whose first process waits for them, and lets its command start. May be repeated.
 * @param helpWithContext  whether the first process lacks the rights to apply the context
 * @throws CONTAINER_ENDED_AT_ONCE, CONTEXT_NOT_APPLIED, HELPER_FAILED
 */
export async function connectVm(
  host: DockerHost,
  vm: Vm,
  helpWithContext: boolean,
  { signal, log }: Pick<Context, 'signal' | 'log'>,
): Promise<void> {
  const { docker } = host;
  const name = containerName(vm.id);
  const state = (await docker.find(name, { signal }))?.State;
  if (!state?.Running)
    throw fail('CONTAINER_ENDED_AT_ONCE', { name, host: host.name, exitCode: state?.ExitCode ?? -1 });
  const process = `${state.Pid}`;
  const gate = helpWithContext ? 'closed' : 'open';
  const said = await host.helper('vm-connect', [`${vm.id}`, process, gate, ...vm.nics.map(nicWord)], { signal });
  tellUnanswered(said, log);
  if (!helpWithContext) return;

  const command = ['/.onedock/busybox', 'sh', '/.onedock/init', 'context'];
  const applied = await docker.commands.run(name, command, { user: '0', signal, timeoutSeconds: CONTEXT_SECONDS });
  if (applied.exitCode !== 0) throw fail('CONTEXT_NOT_APPLIED', { name, said: applied.stderr.trim() });
  await host.helper('vm-open', [`${vm.id}`, process], { signal });
}
