import { type Duplex, duplexPair } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Console, type Shell } from '../../../src/console/console.ts';
import { RAW, RfbClient, type RfbClientOptions, ZRLE } from '../../support/rfb-client.ts';

/** A program on a terminal, played by the test. */
class PlayedShell implements Shell {
  readonly stream: Duplex;
  readonly far: Duplex;
  readonly sizes: string[] = [];
  typed = '';

  constructor() {
    [this.stream, this.far] = duplexPair();
    this.far.on('data', (chunk) => {
      this.typed += chunk;
    });
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.sizes.push(`${columns}x${rows}`);
  }
}

const SHIFT = 0xffe1;
const PAGE_UP = 0xff55;
const CONTROL_C = { key: 0x63, held: 0xffe3 };

const coloursOf = (client: RfbClient, column: number) =>
  Array.from({ length: 8 * 16 }, (_, i) => client.pixel(column * 8 + (i % 8), i >> 3));

describe('Console', () => {
  let shells: PlayedShell[];
  let failure: Error | undefined;
  let console: Console;
  let clients: RfbClient[];

  beforeEach(() => {
    shells = [];
    clients = [];
    failure = undefined;
    console = new Console({
      name: 'one-5 on host-1',
      async openShell() {
        if (failure) throw failure;
        const shell = new PlayedShell();
        shells.push(shell);
        return shell;
      },
    });
  });
  afterEach(() => {
    console[Symbol.dispose]();
  });

  const join = async (options: RfbClientOptions = {}, password = '') => {
    const [near, far] = duplexPair();
    const joined = console.join(near, password);
    const client = await RfbClient.over(far, options).catch(async (error) => {
      expect(await joined).toBe('refused');
      throw error;
    });
    clients.push(client);
    return client;
  };
  const shell = (i = shells.length - 1) => shells[i] as PlayedShell;
  const opened = () => expect.poll(() => shell()?.sizes ?? shells.length).toBeTruthy();

  it.each([
    { encodings: [ZRLE, RAW], name: 'ZRLE' },
    { encodings: [RAW], name: 'raw' },
  ])('shows what a program prints, in $name', async ({ encodings }) => {
    const client = await join({ encodings });
    await opened();
    shell().far.write('hello, \u001b[31mworld\u001b[0m!\r\nsecond line');
    await client.sees('second line');
    expect(client.text).toBe('hello, world!\nsecond line');
    expect([client.width, client.height]).toEqual([640, 384]);
    expect(client.title).toBe('one-5 on host-1');
  });

  it('has colours, bold and reversed text, and lines below text', async () => {
    const client = await join();
    await opened();
    shell().far.write('\u001b[7mW\u001b[0m\u001b[4mW\u001b[0m\u001b[38;2;1;2;3mW\u001b[0m\u001b[1;32mW\u001b[0m end');
    await client.sees('end');
    const paper = client.pixel(639, 383);
    // Reversed: what is behind has the colour of text.
    expect(client.pixel(0, 0)).not.toBe(paper);
    expect(client.pixel(8, 14)).not.toBe(paper);
    expect(client.pixel(8, 13)).toBe(paper);
    expect(coloursOf(client, 2)).toContain(0x010203);
    expect(coloursOf(client, 3)).toContain(0x90d870);
  });

  it('sends what has changed only', async () => {
    const client = await join({ encodings: [RAW] });
    await opened();
    shell().far.write('first\r\n');
    await client.sees('first');
    const before = client.updates;
    shell().far.write('second');
    await client.sees('first\nsecond');
    expect(client.updates).toBeGreaterThan(before);
    expect(client.largest).toBeLessThan(640 * 384 * 4);
  });

  it('opens a shell when the first client comes, of the size of its terminal, and one for all', async () => {
    expect(shells).toHaveLength(0);
    const [first, second] = [await join(), await join()];
    await opened();
    shell().far.write('for all of you');
    await Promise.all([first.sees('for all of you'), second.sees('for all of you')]);
    expect(shells).toHaveLength(1);
  });

  it('keeps the shell and what it shows when clients go and come', async () => {
    const client = await join();
    await opened();
    shell().far.write('still here');
    await client.sees('still here');
    await client[Symbol.asyncDispose]();
    const again = await join();
    await again.sees('still here');
    expect(shells).toHaveLength(1);
  });

  it('types what is typed', async () => {
    const client = await join();
    await opened();
    client.type('echo é\n');
    client.key(CONTROL_C.key, CONTROL_C.held);
    await expect.poll(() => shell().typed).toBe('echo é\r\u0003');
  });

  it('answers what programs ask of a terminal', async () => {
    const client = await join();
    await opened();
    shell().far.write('\u001b[6n');
    await expect.poll(() => shell().typed).toBe('\u001b[1;1R');
    shell().far.write('\u0007');
    await client.until(() => client.bells === 1);
  });

  it('takes the size that a client asks for, in whole cells, and tells the others', async () => {
    const [asking, other, old] = [await join(), await join(), await join({ encodings: [RAW] })];
    await opened();
    await Promise.all([asking, other].map((client) => client.until(() => client.sizeReason === 0)));
    asking.askForSize(803, 610);
    await asking.until(() => asking.width === 800);
    expect([asking.height, asking.sizeReason]).toEqual([608, 1]);
    await other.until(() => other.width === 800);
    expect(other.sizeReason).toBe(2);
    expect(shell().sizes.at(-1)).toBe('100x38');
    shell().far.write('\u001b[38;1Hlast line\u001b[2;1Hupper');
    await Promise.all([asking.sees('last line'), other.sees('last line'), old.sees('upper')]);
    expect([old.width, old.text.includes('last line')]).toEqual([640, false]);
    asking.askForSize(1, 60000);
    await asking.until(() => asking.width === 80);
    expect(asking.height).toBe(150 * 16);
  });

  it('goes back through what has scrolled away, by page and by wheel, until something is typed', async () => {
    const client = await join();
    await opened();
    shell().far.write(Array.from({ length: 60 }, (_, i) => `line ${i}.`).join('\r\n'));
    await client.sees('line 59.');
    client.key(PAGE_UP, SHIFT);
    await client.sees('line 15.');
    client.wheel(true);
    await client.sees('line 10.');
    client.wheel(false);
    await client.until(() => !client.text.includes('line 10.'));
    client.key(0x61);
    await client.sees('line 59.');
    expect(shell().typed).toBe('a');
  });

  it('starts the program again, by a key, when it has ended', async () => {
    const client = await join();
    await opened();
    shell().far.end('bye');
    await client.sees('[The program has ended. Press a key to start it again.]');
    client.key(0x20);
    await expect.poll(() => shells.length).toBe(2);
    shell().far.write('welcome back');
    await client.sees('welcome back');
  });

  it('says why there is no shell, and tries again by a key', async () => {
    failure = new Error('The container is paused.');
    const client = await join();
    await client.sees('[The container is paused. Press a key to try again.]');
    failure = undefined;
    client.key(0x20);
    await opened();
  });

  it('hangs up on all when it is closed', async () => {
    const [first, second] = [await join(), await join()];
    await opened();
    console[Symbol.dispose]();
    await Promise.all([first.closed(), second.closed()]);
    expect(shell().stream.destroyed).toBe(true);
  });

  describe.each([3, 7, 8] as const)('with a password, version 3.%s of the protocol', (version) => {
    it('lets those in who know it', async () => {
      const client = await join({ password: 'secret-long', version }, 'secret-l');
      await opened();
      shell().far.write('hello');
      await client.sees('hello');
    });

    it('keeps the others out, who see nothing', async () => {
      await expect(join({ password: 'Secret', version }, 'secret')).rejects.toThrow('Refused.');
      await expect(join({ version }, 'secret')).rejects.toThrow('Refused.');
      expect(shells).toHaveLength(0);
    });
  });

  it.each([3, 7, 8] as const)('without a password lets everybody in, version 3.%s of the protocol', async (version) => {
    await join({ version });
    await opened();
  });

  it('hangs up on what is no client of VNC', async () => {
    const [near, far] = duplexPair();
    const joined = console.join(near, '');
    far.resume().write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    await expect(joined).resolves.toBe('gone');
    const client = await join();
    client.send(Buffer.of(99, 0, 0, 0));
    await client.closed();
  });
});
