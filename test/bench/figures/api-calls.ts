/**
 * What a call costs on an embedded front-end with 1,000 VMs. The floor is an HTTP server of Node, in a process of its own
 * as the front-end is, that sends the same bytes.
 */
import pLimit from 'p-limit';
import { createClient } from '../../../src/opennebula/client/client.ts';
import { waitForVm } from '../../../src/opennebula/client/wait.ts';
import { encodeCall, type XmlRpcValue } from '../../../src/opennebula/xmlrpc.ts';
import { type DummyFrontend, startDummyFrontend } from '../../support/dummy-frontend.ts';
import { startEchoProgram } from '../echo-server.ts';
import type { Contest, Figure } from '../figure.ts';
import { type Caller, openCaller } from '../raw-calls.ts';
import type { Stage } from '../stage.ts';

const VMS = 1000;
const TEMPLATE = 'CPU = "0.01"\nMEMORY = "1"\nCONTEXT = [ NETWORK = "YES", SSH_PUBLIC_KEY = "ssh-ed25519 AAAA" ]\n';

const common = {
  floorTitle: 'a Node HTTP server that sends the same bytes',
  unit: 'ms',
  rounds: [9, 3],
} as const;

export const vmInfo: Figure = {
  ...common,
  name: 'vm.info',
  title: 'vm.info, 1,000 VMs',
  targets: [{ kind: 'value', limit: 1 }],
  prepare: (stage) => timeCalls(stage, 'one.vm.info', [VMS / 2, false], { callsPerSample: 200 }),
};

export const vmPoolInfo: Figure = {
  ...common,
  name: 'vmpool.info',
  title: 'vmpool.info, 1,000 VMs',
  targets: [{ kind: 'value', limit: 10 }],
  prepare: (stage) => timeCalls(stage, 'one.vmpool.info', [-2, -1, -1, -1], { callsPerSample: 10 }),
};

async function timeCalls(
  stage: Stage,
  method: string,
  params: readonly XmlRpcValue[],
  { callsPerSample }: { callsPerSample: number },
): Promise<Contest> {
  const frontend = await stage.share('front-end with VMs', startFullFrontend);
  await using made = new AsyncDisposableStack();
  const body = encodeCall(method, [frontend.session, ...params]);
  const ours = made.use(openCaller(frontend.endpoint));
  const server = made.use(await startEchoProgram(await ours.call(body)));
  const floor = made.use(openCaller(server.endpoint));
  const all = made.move();
  return {
    ours: () => millisecondsPerCall(ours, body, callsPerSample),
    floor: () => millisecondsPerCall(floor, body, callsPerSample),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function millisecondsPerCall(caller: Caller, body: string, calls: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < calls; i++) await caller.call(body);
  return (performance.now() - started) / calls;
}

async function startFullFrontend(): Promise<DummyFrontend> {
  await using made = new AsyncDisposableStack();
  const frontend = made.use(await startDummyFrontend({ hosts: 4 }));
  using client = createClient(frontend);
  const limit = pLimit(16);
  const ids = await Promise.all(Array.from({ length: VMS }, () => limit(() => client.vm.allocate(TEMPLATE))));
  await Promise.all(ids.map((id) => limit(() => waitForVm(client, id, 'RUNNING'))));
  made.move();
  return frontend;
}
