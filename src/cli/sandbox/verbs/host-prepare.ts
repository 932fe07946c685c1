import { defineCommand } from '../command.ts';
import { ADDRESSES, LOGIN_OPTIONS, openHostsOfCloud } from '../hosts-of-cloud.ts';
import { agree, progressOf } from '../output/installation-text.ts';
import { answer } from '../site.ts';

export const hostPrepare = defineCommand({
  name: 'host prepare',
  summary: 'Make machines Docker hosts of an OpenNebula that is there',
  description:
    'On the front-end, after `install`. Each machine gets Docker with the authority of the registry, oneadmin with its key, and the drivers’ helper, which sudo allows; oneadmin of the front-end gets to know its key. What changes is shown first, and what a machine was is kept there for `host release`. A second run finds nothing to do; one that was cut short is gone on with by the next. In the end each is checked as by `host check`.',
  arguments: { addresses: ADDRESSES },
  options: {
    ...LOGIN_OPTIONS,
    yes: { kind: 'flag', short: 'y', summary: 'Do not ask.' },
    dryRun: { kind: 'flag', summary: 'Show what would be changed, and change nothing.' },
  },
  examples: [
    { line: 'host prepare node-1 node-2', what: 'Shows the changes, asks, and makes them.' },
    { line: 'host prepare admin@node-3:2222 --dry-run', what: 'Only shows them.' },
  ],
  needsRoot: true,
  async run(call) {
    const { options } = call;
    const { root, cloud, servers } = await openHostsOfCloud(call);
    const hosts = await import('../../../install/hosts/prepare-all.ts');
    const planned = await hosts.planAll(servers, root, cloud);
    const changed = planned.some(({ changes }) => changes.length > 0);
    const document = planned.map(({ address, changes }) => ({ address, changes }));
    const lines = planned.flatMap(({ address, changes }) => [
      `${address}:${changes.length === 0 ? ' nothing is to be changed.' : ''}`,
      ...changes.map((change) => `  - ${change}`),
    ]);
    const next = planned.map(({ server }) => `onehost create ${server.host} --im onedock --vm onedock`);
    if (options.dryRun) {
      answer(call, { changed: false, hosts: document }, () => [...lines, '', 'Nothing was changed.'].join('\n'));
      return;
    }
    if (changed) await agree(call, lines.join('\n'), 'Make these changes?');
    const { report, signal } = progressOf(call);
    await hosts.prepareAll(planned, root, cloud, { report, signal });
    const { checkHost } = await import('../../../install/hosts/check.ts');
    const findings = await Promise.all(servers.map(({ server }) => checkHost(server, root, cloud)));
    const unfit = findings.flatMap((each, i) =>
      each
        .filter(({ status }) => status === 'fatal')
        .map(({ title, cause, code, fix }) => `${servers[i]?.address}: ${title}: ${cause} [${code}] ${fix}`),
    );
    if (unfit.length > 0) throw hosts.notReady(unfit);
    answer(call, { changed, hosts: document, next }, () =>
      [
        changed ? 'The hosts are prepared.' : 'The hosts are prepared; nothing was to be changed.',
        '',
        'Next:',
        ...next.map((line) => `  ${line}`),
      ].join('\n'),
    );
  },
});
