/** The console of a VM, as somebody sees it who opens it in a browser. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { noBrowser, startBrowser } from '../support/browser.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { screenText } from '../support/screen-text.ts';
import { describeSandbox } from '../support/test-sandbox.ts';
import { startGateway } from '../support/web-socket-gateway.ts';

/** Kept for people to look at. */
const PICTURES = join(import.meta.dirname, '../../node_modules/.cache/onedock/pictures');
const PATIENT = { timeout: 90_000 };

/** Runs in the page: one channel of each pixel as a character, which tells text from what is behind. */
const READ_CANVAS = `(() => {
  const canvas = document.querySelector('canvas');
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const blue = Array.from({ length: width * height }, (_, i) => String.fromCharCode(data[i * 4 + 2]));
  return { width, height, blue: blue.join('') };
})()`;

const missing = noBrowser();
const describeConsole = missing === undefined ? describeSandbox : describe.skip;

describeConsole(`The console of a VM${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const made = new AsyncDisposableStack();
  let cloud: CloudCommands;
  let vm: Vm;
  let openPage: (query?: Record<string, string>) => Promise<Page>;

  beforeAll(async () => {
    cloud = made.use(await CloudCommands.start());
    vm = await cloud.create('seen', 'GRAPHICS = [ TYPE = "VNC", LISTEN = "0.0.0.0", RANDOM_PASSWD = "YES" ]');
    const [address = ''] = (await cloud.sandbox.on('host-1', 'hostname', '-I')).split(' ');
    const gateway = made.use(await startGateway(address));
    const browser = await startBrowser();
    made.defer(() => browser.close());
    openPage = async (query = {}) => {
      const page = await browser.newPage({ viewport: { width: 900, height: 500 } });
      const now = await cloud.client.vm.info(vm.id);
      const told = { port: now.text('TEMPLATE/GRAPHICS/PORT'), password: now.text('TEMPLATE/GRAPHICS/PASSWD') };
      const asked = { ...told, ...query };
      await page.goto(`${gateway.url}?${new URLSearchParams(asked)}`);
      return page;
    };
  });
  afterAll(() => made.disposeAsync());

  const textOf = async (page: Page) => {
    const { width, height, blue } = (await page.evaluate(READ_CANVAS)) as {
      width: number;
      height: number;
      blue: string;
    };
    return screenText(width, height, (x, y) => blue.charCodeAt(y * width + x));
  };
  const connected = async (query?: Record<string, string>) => {
    const page = await openPage(query);
    await expect.poll(() => page.title(), PATIENT).toBe('connected');
    await expect.poll(() => textOf(page), PATIENT).toContain('#');
    await page.locator('canvas').focus();
    return page;
  };

  /** Loaded anew until it is connected, as a person does; also where an attempt comes to no end. */
  const comesBack = async (page: Page) => {
    const attempt = async () => {
      await page.reload();
      const settled = () => expect.poll(() => page.title()).not.toBe('connecting');
      await settled().catch(() => {});
      return page.title();
    };
    await expect.poll(attempt, PATIENT).toBe('connected');
  };

  it('does in a browser what is typed, and shows what comes of it', async () => {
    const page = await connected();
    const before = await page.screenshot();
    await page.keyboard.type('echo "seen by $((40 + 2))" | tee /tmp/seen');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page), PATIENT).toMatch(/^seen by 42$/m);
    expect(await cloud.inside(vm, 'cat /tmp/seen')).toBe('seen by 42');
    await mkdir(PICTURES, { recursive: true });
    const after = await page.screenshot({ path: join(PICTURES, 'console-in-a-browser.png') });
    expect(after.equals(before)).toBe(false);
    await page.close();
  });

  it('takes the size of the window, and knows the keys that are no characters', async () => {
    const page = await connected({ resize: 'yes' });
    await page.keyboard.type('stty size >/tmp/size');
    await page.keyboard.press('Home');
    await page.keyboard.type('echo;');
    await page.keyboard.press('Enter');
    await expect.poll(() => cloud.inside(vm, 'cat /tmp/size')).toBe('31 112');
    await page.keyboard.type('sleep 600');
    await page.keyboard.press('Enter');
    await expect.poll(() => cloud.inside(vm, 'pidof sleep || true'), PATIENT).not.toBe('');
    await page.keyboard.press('Control+c');
    await page.keyboard.type('echo interrupted');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page), PATIENT).toMatch(/^interrupted$/m);
    await page.close();
  });

  it('is kept from whoever does not know the password', async () => {
    const page = await openPage({ password: 'guessed' });
    await expect.poll(() => page.title(), PATIENT).toBe('refused');
    await page.close();
  });

  it('is there again after its server was killed', async () => {
    const page = await connected();
    await cloud.sandbox.on('frontend', 'systemctl', 'kill', '--signal=KILL', 'onedock-console');
    await expect.poll(() => page.title(), PATIENT).toBe('disconnected');
    await comesBack(page);
    await page.close();
  });

  it('goes with the VM and comes back with it', async () => {
    const page = await connected();
    await cloud.change('POWEROFF', 'poweroff', vm);
    await expect.poll(() => page.title(), PATIENT).toBe('disconnected');
    await cloud.change('RUNNING', 'resume', vm);
    await comesBack(page);
    await page.close();
    await cloud.terminate(vm);
    expect(await cloud.sandbox.on('frontend', 'ls', '/var/lib/one/consoles')).toBe('');
  });

  it('can be opened in the own terminal too, in a VM that its template and context shape', async () => {
    const other = await cloud.create('own', 'DOCKER = [ ENV = "GREETING=\'good day\'", USER = "0:0" ]');
    const shell = cloud.sandbox.start('console', String(other.id));
    shell.stdin?.end('echo "$GREETING, $((6 * 7)) in $(hostname)"\n');
    expect((await shell).stdout).toBe(`good day, 42 in one-${other.id}`);

    const changed = join(cloud.sandbox.folder, 'changed.tmpl');
    await writeFile(changed, 'CONTEXT = [ NETWORK = "YES", USERNAME = "ada", PASSWORD = "secret" ]\n');
    await cloud.change('RUNNING', 'updateconf', other, changed);
    await expect.poll(() => cloud.inside(other, 'cat /etc/passwd'), PATIENT).toMatch(/^ada:/m);
    expect(await cloud.inside(other, 'cat /etc/passwd /etc/shadow 2>/dev/null || true')).toMatch(/^ada:\$6\$/m);
  });

  it('gives no rights over the host that a user asks for', async () => {
    await cloud.sandbox.one('oneuser', 'create', 'ada', 'secret-of-ada');
    const template = join(cloud.sandbox.folder, 'ada.tmpl');
    await writeFile(template, 'CPU = "0.1"\nMEMORY = "64"\nDOCKER = [ CAP_ADD = "SYS_ADMIN" ]\n');
    const asAda = ['--user', 'ada', '--password', 'secret-of-ada'];
    const { exitCode, stderr, stdout } = await cloud.sandbox.run('one', 'onevm', 'create', template, ...asAda);
    expect(exitCode).not.toBe(0);
    expect(stderr + stdout).toContain('VM Template includes a restricted attribute');
  });
});
