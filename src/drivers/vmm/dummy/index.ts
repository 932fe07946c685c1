/** The dummy hypervisor: every action succeeds at once, unless it is told otherwise, and nothing runs anywhere. */

import { findText } from '../../../opennebula/xml.ts';
import { type Action, defineAction, unsupported } from '../../contract/action.ts';
import type { VmmDriver } from '../../contract/families.ts';
import { ToldResults } from './told-results.ts';

/** OpenNebula's own place for what is to fail. */
const TOLD_DIRECTORY = process.env.ONEDOCK_DUMMY_ACTIONS ?? '/tmp/opennebula_dummy_actions';

export function dummyVmm(results: ToldResults) {
  const succeed = (action: string, line = ''): Action =>
    defineAction({
      args: ['...ignored'],
      async run(_, { signal }) {
        await results.follow(action, signal);
        return line;
      },
    });
  return {
    deploy: defineAction({
      args: ['deploymentFile', 'host'],
      async run({ host }, { document, signal }) {
        await results.follow('deploy', signal);
        // The deploy id is one word, and a VM's name may be several.
        const name = (findText(document(), 'NAME') ?? '').replaceAll(/\s+/g, '_');
        return `${host}:${name}:dummy`;
      },
    }),
    shutdown: succeed('shutdown'),
    cancel: succeed('cancel'),
    reboot: succeed('reboot'),
    reset: succeed('reset'),
    save: succeed('save'),
    restore: succeed('restore'),
    migrate: succeed('migrate'),
    attach_disk: succeed('attach_disk'),
    detach_disk: succeed('detach_disk'),
    attach_nic: succeed('attach_nic'),
    detach_nic: succeed('detach_nic'),
    prereconfigure: succeed('prereconfigure'),
    reconfigure: succeed('reconfigure'),
    snapshot_create: succeed('snapshot_create', 'dummy-snap'),
    snapshot_revert: succeed('snapshot_revert'),
    snapshot_delete: succeed('snapshot_delete'),
    resize: succeed('resize'),
    resize_disk: succeed('resize_disk'),
    exec: succeed('exec'),
    exec_cancel: succeed('exec_cancel'),
    poll: unsupported('poll', 'OpenNebula 7 does not poll.'),
  } satisfies VmmDriver;
}

export const dummy = dummyVmm(new ToldResults(TOLD_DIRECTORY));
