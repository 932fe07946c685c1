import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Call, defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer, openSite } from '../site.ts';

const DEFAULT_TIMEOUT_SECONDS = 300;
const MOST_SECONDS = 86_400;

const OPTIONS = {
  endpoint: {
    kind: 'text',
    value: 'URL',
    summary: 'OpenNebula’s API, as `http://localhost:2633/RPC2`; that of the sandbox unless given.',
  },
  auth: {
    kind: 'text',
    value: 'FILE',
    summary: 'Holds `user:password`, with --endpoint; ONE_AUTH or `~/.one/one_auth` unless given.',
  },
  template: {
    kind: 'text',
    value: 'NAME',
    summary: 'VM template to instantiate, instead of a VM of one disk and one NIC.',
  },
  image: {
    kind: 'text',
    value: 'IMAGE',
    summary:
      'Image by name or id, or what one is registered from, as `docker://nginx:alpine`; one that is there unless given.',
  },
  network: { kind: 'text', value: 'NAME', summary: 'Virtual network by name or id; the first one unless given.' },
  datastore: {
    kind: 'text',
    value: 'NAME',
    summary: 'Where an image is registered; the first one of the drivers unless given.',
  },
  timeout: {
    kind: 'count',
    value: 'SECONDS',
    most: MOST_SECONDS,
    summary: `How long one step may take; ${DEFAULT_TIMEOUT_SECONDS} unless given.`,
  },
  report: {
    kind: 'text',
    value: 'DIR',
    summary: 'Write `onedock-test.xml` (JUnit), `onedock-test.json` and `onedock-test.txt` there.',
  },
} as const;

export const test = defineCommand({
  name: 'test',
  summary: 'Take a VM through its life on an OpenNebula, and report',
  description:
    'Against any OpenNebula: registers an image if asked to, creates a VM, reaches it, reboots it, powers it off and resumes it, attaches and detaches a disk and a NIC, takes a snapshot and goes back to it, suspends, migrates, saves a disk, terminates. What the cloud lacks is skipped with the reason. All that it makes is called `onedock-test-…` and goes again, also after a failure or Ctrl-C. It ends with 0 when nothing has failed, with 1 when something has, and with 3 when there is no host to test on.',
  arguments: {},
  options: OPTIONS,
  examples: [
    { line: 'test', what: 'On the sandbox that runs.' },
    {
      line: 'test --endpoint http://cloud.example.org:2633/RPC2 --auth ~/.one/one_auth --image docker://nginx:alpine --report results',
      what: 'On any other OpenNebula, with files for CI.',
    },
  ],
  needsRoot: ({ endpoint }) => endpoint === undefined,
  async run(call) {
    const { options, console } = call;
    const { createClient } = await import('../../../opennebula/client/client.ts');
    const { runSuite, countOf } = await import('../../../acceptance/run.ts');
    const { reportText, trialLine, verdict } = await import('../../../acceptance/report/text.ts');
    await using access = await findAccess(call);
    // Without the signal: what was made is to be removed after an interruption, too.
    using client = createClient(access);
    const result = await runSuite(client, {
      wish: options,
      timeoutSeconds: options.timeout ?? DEFAULT_TIMEOUT_SECONDS,
      signal: console.signal,
      report: (trial) => {
        if (!options.quiet) console.err(`${options.json ? JSON.stringify(trial) : trialLine(trial)}\n`);
      },
    });
    if (options.report !== undefined) {
      const { writeReports } = await import('../../../acceptance/report/write-reports.ts');
      await writeReports(resolve(console.workingDirectory, options.report), result);
    }
    // Who has seen each trial as it came needs the sum.
    answer(call, result, () => (options.quiet ? reportText(result) : verdict(result)));
    return countOf(result, 'failed') === 0 ? EXIT.OK : EXIT.FAILURE;
  },
});

type Access = { readonly endpoint: string; readonly session: string } & AsyncDisposable;

/** @throws AUTH_FILE_UNREADABLE, SANDBOX_MISSING */
async function findAccess(call: Call<Record<never, never>, typeof OPTIONS>): Promise<Access> {
  const { options, console } = call;
  if (options.endpoint === undefined) {
    const { configuration, services } = await openSite(call);
    const { networksOf, reachApi, readSession } = await import('../../../sandbox/front-end.ts');
    const networks = await networksOf(services, configuration.name);
    const session = await readSession(services, configuration.name);
    const way = await reachApi(services, configuration.name, networks);
    return { endpoint: way.endpoint, session, [Symbol.asyncDispose]: () => way[Symbol.asyncDispose]() };
  }
  const given = options.auth ?? console.env.ONE_AUTH ?? join(homedir(), '.one/one_auth');
  const path = resolve(console.workingDirectory, given.replace(/^~(?=\/)/, homedir()));
  const { readAuthFile } = await import('../../../acceptance/auth-file.ts');
  const session = await readAuthFile(path);
  return { endpoint: options.endpoint, session, async [Symbol.asyncDispose]() {} };
}
