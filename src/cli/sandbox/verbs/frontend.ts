import { resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import { answer } from '../site.ts';

const OPENNEBULAS_PORT = 2633;
const MOST_PORTS = 65_535;
/** More than OpenNebula's documentation has ever seen on one front-end. */
const MOST_DUMMIES = 2500;

export const frontend = defineCommand({
  name: 'frontend',
  summary: 'Start the front-end by itself, for the tests of clients',
  description:
    'OpenNebula’s API on this machine, in well under a second: no root, no LXC, no Docker. Dummy hosts run whatever VM they are given. It runs until it is interrupted. The first line on stdout says that it takes calls; the two that follow are for a shell. GET /health answers 200.',
  arguments: {},
  options: {
    dummy: { kind: 'count', value: 'N', most: MOST_DUMMIES, summary: 'So many dummy hosts; none unless given.' },
    port: {
      kind: 'count',
      value: 'PORT',
      most: MOST_PORTS,
      summary: `Port of the API, ${OPENNEBULAS_PORT} unless given; 0 for any free one.`,
    },
    listen: { kind: 'text', value: 'ADDRESS', summary: 'Address of the API, 127.0.0.1 unless given.' },
    data: {
      kind: 'text',
      value: 'DIR',
      summary:
        'Where everything is kept: one_auth with the session, the store, oned.conf and remotes of your own, if any. Unless given, a temporary one that goes in the end.',
    },
  },
  examples: [
    { line: 'frontend --dummy 3', what: 'Three hosts to test a client against.' },
    { line: 'frontend --dummy 3 --port 0 --json', what: 'The same on any free port; a program reads where.' },
    { line: 'frontend --dummy 1 --data ./cloud --verbose', what: 'One that is found again, with its log on stderr.' },
  ],
  needsRoot: false,
  async run(call) {
    const { options, console } = call;
    const { dummy = 0, port = OPENNEBULAS_PORT, listen, data, verbose } = options;
    const { createFrontend } = await import('../../../frontend/library.ts');
    await using running = await createFrontend({
      dummyHosts: dummy,
      port,
      ...(listen === undefined ? {} : { address: listen }),
      ...(data === undefined ? {} : { dataFolder: resolve(console.workingDirectory, data) }),
      ...(verbose ? { log: console.err } : {}),
    });
    const { url, healthUrl, authFile } = running;
    answer(call, { endpoint: url, health: healthUrl, authFile }, () =>
      [`ONEDock front-end ready at ${url}`, `export ONE_XMLRPC=${url}`, `export ONE_AUTH=${authFile}`].join('\n'),
    );
    await interrupted(console.signal);
  },
});

/** To be interrupted is how it is meant to end. */
async function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((end) => signal.addEventListener('abort', () => end(), { once: true }));
}
