/**
 * A stock machine that runs: QEMU over a copy-on-write disk, user-mode network, SSH on a loopback port. It is gone,
 * with its disk, when it is disposed of.
 */
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { SshTransport } from '../../src/transport/ssh.ts';
import type { Transport } from '../../src/transport/transport.ts';
import type { RootImage } from './root-image.ts';

export interface MachineOptions {
  readonly processors: number;
  readonly memoryMb: number;
  /** How long the SSH server may take to answer. Emulation takes 20 s on a quiet machine. */
  readonly bootTimeoutSeconds: number;
}

export interface StockMachine extends AsyncDisposable {
  /** How QEMU runs the guest's instructions: `kvm` or `tcg`. */
  readonly accelerator: Accelerator;
  readonly bootSeconds: number;
  /** The machine as a place to run commands, as root. */
  readonly guest: Transport;
}

type Accelerator = 'kvm' | 'tcg';
/** A guest that KVM can run prints within this time; where nested virtualization is broken it prints nothing at all. */
const KVM_SIGN_OF_LIFE_SECONDS = 5;

export async function startMachine(image: RootImage, options: MachineOptions): Promise<StockMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-vm-'));
  try {
    const disk = join(folder, 'disk.qcow2');
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', image.disk, '-F', 'raw', disk]);
    const knownHosts = join(folder, 'known_hosts');
    const port = await freePort();
    await writeFile(knownHosts, `[127.0.0.1]:${port} ${await readFile(image.hostKey, 'utf8')}`);
    const started = performance.now();
    const { qemu, accelerator } = await startQemu(image, { ...options, disk, port, console: join(folder, 'console') });
    const dispose = async () => {
      qemu.kill('SIGTERM');
      await qemu;
      await rm(folder, { recursive: true, force: true });
    };
    try {
      await waitForSsh(port, qemu, options.bootTimeoutSeconds);
    } catch (cause) {
      const console = await readFile(join(folder, 'console'), 'utf8').catch(() => '');
      await dispose();
      throw new Error(`The stock machine did not come up. The end of its console:\n${console.slice(-2000)}`, { cause });
    }
    const bootSeconds = (performance.now() - started) / 1000;
    const guest = new SshTransport({
      host: '127.0.0.1',
      port,
      user: 'root',
      keyFile: image.sshKey,
      knownHostsFile: knownHosts,
      connectTimeoutSeconds: 60,
    });
    return {
      accelerator,
      bootSeconds,
      guest,
      async [Symbol.asyncDispose]() {
        await guest[Symbol.asyncDispose]();
        await dispose();
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface QemuOptions extends MachineOptions {
  readonly disk: string;
  readonly port: number;
  readonly console: string;
}

async function startQemu(image: RootImage, options: QemuOptions): Promise<{ qemu: Qemu; accelerator: Accelerator }> {
  if (await usable('/dev/kvm')) {
    const qemu = spawnQemu(image, 'kvm', options);
    if (await givesSignOfLife(options.console, qemu)) return { qemu, accelerator: 'kvm' };
    qemu.kill('SIGKILL');
    await qemu;
  }
  return { qemu: spawnQemu(image, 'tcg', options), accelerator: 'tcg' };
}

type Qemu = ReturnType<typeof spawnQemu>;

function spawnQemu(image: RootImage, accelerator: Accelerator, options: QemuOptions) {
  return execa('qemu-system-x86_64', qemuArguments(image, accelerator, options), { reject: false, stdin: 'ignore' });
}

function qemuArguments(image: RootImage, accelerator: Accelerator, options: QemuOptions): string[] {
  return [
    ...(accelerator === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi', '-cpu', 'max']),
    ...['-smp', String(options.processors), '-m', String(options.memoryMb)],
    ...['-kernel', image.kernel, '-initrd', image.initrd, '-append', 'root=/dev/vda rw console=ttyS0'],
    ...['-drive', `file=${options.disk},if=virtio,cache=unsafe,discard=unmap`],
    ...['-netdev', `user,id=net0,hostfwd=tcp:127.0.0.1:${options.port}-:22`, '-device', 'virtio-net-pci,netdev=net0'],
    ...['-device', 'virtio-rng-pci', '-display', 'none', '-monitor', 'none', '-serial', `file:${options.console}`],
    '-no-reboot',
  ];
}

async function givesSignOfLife(consoleFile: string, qemu: Qemu): Promise<boolean> {
  const ended = qemu.then(() => 'ended' as const);
  for (let waited = 0; waited < KVM_SIGN_OF_LIFE_SECONDS; waited += 0.5) {
    if ((await Promise.race([ended, delay(500)])) === 'ended') return false;
    const text = await readFile(consoleFile, 'utf8').catch(() => '');
    if (text.includes('Linux version')) return true;
  }
  return false;
}

/** QEMU accepts on the forwarded port from the start, so the server is up when its greeting comes through. */
async function waitForSsh(port: number, qemu: Qemu, timeoutSeconds: number): Promise<void> {
  const ended = qemu.then((result) => {
    throw new Error(`QEMU ended: ${result.stderr}`);
  });
  const deadline = performance.now() + timeoutSeconds * 1000;
  while (performance.now() < deadline) {
    if (await Promise.race([greets(port), ended])) return;
    await delay(250);
  }
  throw new Error(`Its SSH server did not answer within ${timeoutSeconds} s.`);
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (value: boolean) => {
      resolve(value);
      socket.destroy();
    };
    socket.setTimeout(5000, () => answer(false));
    socket.once('data', (data) => answer(data.toString('latin1').startsWith('SSH-2.0')));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
  });
}

async function usable(device: string): Promise<boolean> {
  return access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
