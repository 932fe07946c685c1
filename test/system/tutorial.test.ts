/** The tutorial, typed as it stands there. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../../src/opennebula/client/client.ts';
import { waitUntil } from '../../src/opennebula/client/wait.ts';
import { busyboxImage } from '../support/busybox-image.ts';
import { documentedCommands } from '../support/documented-commands.ts';
import { writeOciLayout } from '../support/images.ts';
import { describeSandbox, TestSandbox } from '../support/test-sandbox.ts';

const OWN_IMAGE = 'docker-daemon:hello';
const PAGE = 'Hello from my VM\n';

/** What needs a clone or a Docker Engine of the reader's own; the image that it ends with is made by the test. */
const DONE_BY_THE_TEST = /^(git|mkdir|printf|docker|cd) /;

const lines = documentedCommands('docs/tutorial/first-cloud.md').filter(({ line }) => !DONE_BY_THE_TEST.test(line));

describeSandbox('the tutorial', () => {
  let sandbox: TestSandbox;
  let client: Client | undefined;

  beforeAll(async () => {
    sandbox = await TestSandbox.create();
    await writeOciLayout(join(sandbox.folder, 'hello'), await busyboxImage(PAGE));
  });

  afterAll(async () => {
    client?.[Symbol.dispose]();
    await sandbox?.[Symbol.asyncDispose]();
  });

  it.each(lines)('$line', async ({ line, words }) => {
    const [, , , , ...typed] = words;
    if (line.startsWith('npm run sandbox -- ')) await type(typed);
    else if (line === 'npm run sandbox') client = await begin();
    else if (line.startsWith('eval ')) expect(await sandbox.ok('env')).toMatch(/ONE_XMLRPC=.*\n.*ONE_AUTH=/);
    else expect.unreachable(`The test does not know what '${line}' is.`);
  });

  async function begin(): Promise<Client> {
    await sandbox.ok('up');
    return sandbox.client();
  }

  async function type(words: readonly string[]) {
    const [verb] = words;
    if (verb === 'ssh') return expect(await shell(words)).toMatchObject({ exitCode: 0 });
    if (verb === 'down') return sandbox.ok('down', '--yes');
    const isOwnImage = words.includes(OWN_IMAGE);
    await sandbox.ok(
      ...words.map((word) => (word === OWN_IMAGE ? './hello' : word)),
      ...(isOwnImage ? ['--as', 'hello'] : []),
    );
    await settled();
    if (words.at(-1) === 'hello' && words.includes('instantiate')) await expectPage();
  }

  /** Left at once. */
  function shell(words: readonly string[]) {
    const shell = sandbox.start(...words);
    shell.stdin?.end('exit\n');
    return shell;
  }

  /** A reader looks how far a VM is before going on. */
  async function settled() {
    await waitUntil({
      awaited: 'every VM at rest',
      look: async () => (await client?.vmpool.info())?.objects ?? [],
      done: (vms) => vms.every(({ state, lcmState }) => state === 'POWEROFF' || lcmState === 'RUNNING'),
      describe: (vms) => vms.map(({ name, lcmState }) => `${name} ${lcmState}`).join(', '),
    });
  }

  async function expectPage() {
    const { vms } = await sandbox.json('status');
    const { addresses } = vms.find(({ name }: { name: string }) => name === 'hello');
    const page = () => fetch(`http://${addresses[0]}/`).then((answer) => answer.text(), String);
    await expect.poll(page).toBe(PAGE);
  }
});
