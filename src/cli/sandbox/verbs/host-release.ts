import { defineCommand } from '../command.ts';
import { ADDRESSES, LOGIN_OPTIONS, openHostsOfCloud } from '../hosts-of-cloud.ts';
import { agree, progressOf } from '../output/installation-text.ts';
import { answer } from '../site.ts';

export const hostRelease = defineCommand({
  name: 'host release',
  summary: 'Give machines that were prepared back as they were',
  description:
    'The counterpart of `host prepare`: containers, images, mounts, bridges, files, the account and the units that came go; what was there before comes back, and an audit proves it. It refuses while the host has VMs or OpenNebula knows it. Debian’s packages stay unless --purge is said.',
  arguments: { addresses: ADDRESSES },
  options: {
    ...LOGIN_OPTIONS,
    purge: { kind: 'flag', summary: 'Remove Debian packages that came since, where nothing else needs them.' },
    force: { kind: 'flag', summary: 'Also with VMs on it, or while OpenNebula knows it, or for another front-end.' },
    yes: { kind: 'flag', short: 'y', summary: 'Do not ask.' },
    dryRun: { kind: 'flag', summary: 'Show what would go, and change nothing.' },
  },
  examples: [
    { line: 'host release node-2', what: 'Shows what goes, asks, and gives it back.' },
    { line: 'host release node-1 node-2 --purge --yes', what: 'With the packages, for scripts.' },
  ],
  needsRoot: true,
  async run(call) {
    const { options } = call;
    const { root, cloud, servers } = await openHostsOfCloud(call, { complete: false });
    const hosts = await import('../../../install/hosts/release-all.ts');
    const planned = await hosts.planReleases(servers, root, cloud, options);
    const lines = planned.map(({ address, plan }) => `${address}: ${hosts.describeRelease(plan, options)}`);
    const changed = planned.some(({ plan }) => plan !== undefined);
    const document = planned.map(({ address, plan }) => ({ address, prepared: plan !== undefined }));
    if (options.dryRun || !changed) {
      answer(call, { changed: false, hosts: document }, () => [...lines, '', 'Nothing was changed.'].join('\n'));
      return;
    }
    await agree(call, lines.join('\n'), 'Give them back?');
    const notes = await hosts.releaseAll(planned, root, cloud, { ...progressOf(call), purge: options.purge });
    answer(call, { changed, hosts: document, notes }, () => ['The machines are as they were.', ...notes].join('\n'));
  },
});
