import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { ADDRESSES, LOGIN_OPTIONS, openHostsOfCloud } from '../hosts-of-cloud.ts';
import { findingLines } from '../output/findings-text.ts';
import { answer } from '../site.ts';

export const hostCheck = defineCommand({
  name: 'host check',
  summary: 'Look whether machines can serve as Docker hosts, and say what to do',
  description:
    'Logs in, and looks at each as the drivers will use it: Docker, oneadmin’s way in, the helper, the registry as it is seen from there. Nothing is changed. Each finding has a code, its cause, and what to do. It ends with 3 when one of them cannot serve.',
  arguments: { addresses: ADDRESSES },
  options: LOGIN_OPTIONS,
  examples: [{ line: 'host check node-1 node-2 --json', what: 'What was found, as a document.' }],
  needsRoot: true,
  async run(call) {
    const { root, cloud, servers } = await openHostsOfCloud(call);
    const { checkHost } = await import('../../../install/hosts/check.ts');
    const hosts = await Promise.all(
      servers.map(async ({ address, server }) => {
        const findings = await checkHost(server, root, cloud);
        return { address, fit: findings.every(({ status }) => status !== 'fatal'), findings };
      }),
    );
    const fit = hosts.every((host) => host.fit);
    answer(call, { fit, hosts }, () =>
      hosts
        .map((host) =>
          [
            `${host.address}: ${host.fit ? 'can serve' : 'cannot serve'}`,
            ...findingLines(host.findings).map((line) => `  ${line}`),
          ].join('\n'),
        )
        .join('\n\n'),
    );
    return fit ? EXIT.OK : EXIT.PREFLIGHT;
  },
});
