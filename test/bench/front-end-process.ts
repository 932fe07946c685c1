/** The process of the front-end on a sandbox's machine. */
import type { Transport } from '../../src/transport/transport.ts';
import type { BenchSandbox } from './sandbox-stage.ts';

const UNIT = 'opennebula.service';

/** Resident memory (VmRSS), what it shares with others included. */
export async function frontEndMebibytes(frontEnd: Transport): Promise<number> {
  const { stdout } = await frontEnd.run(['systemctl', 'show', '--property=MainPID', '--value', UNIT]);
  const status = await frontEnd.run(['cat', `/proc/${stdout.trim()}/status`]);
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status.stdout) ?? [];
  return Number(kibibytes) / 1024;
}

/** Until it is disposed of; then hosts and VMs are known again. */
export async function stopFrontEnd({ frontEnd }: Pick<BenchSandbox, 'frontEnd'>): Promise<AsyncDisposable> {
  await frontEnd.run(['systemctl', 'stop', UNIT]);
  return {
    async [Symbol.asyncDispose]() {
      // It counts as started when it answers.
      await frontEnd.run(['systemctl', 'start', UNIT]);
    },
  };
}
