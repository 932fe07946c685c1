/**
 * A whole front-end in the test's own process, without a port: calls go through the XML-RPC codec, so that a test sees
 * what a client would. Its store is memory, its drivers the dummies, its clock the test's.
 */

import type { DriverRunner } from '../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../src/drivers/services.ts';
import { driverTable } from '../../src/drivers/table.ts';
import { Configuration } from '../../src/frontend/configuration/configuration.ts';
import type { Clock } from '../../src/frontend/platform/clock.ts';
import { type CloudOptions, startCloud } from '../../src/frontend/start-cloud.ts';
import type { Cloud } from '../../src/frontend/store/cloud.ts';
import { SqliteStore } from '../../src/frontend/store/sqlite-store.ts';
import { answer } from '../../src/frontend/xmlrpc/answer.ts';
import { parseTemplate } from '../../src/opennebula/template.ts';
import { findAll, parseXml } from '../../src/opennebula/xml.ts';
import { decodeResponse, encodeCall, type XmlRpcValue } from '../../src/opennebula/xmlrpc.ts';

/** What a call was answered: the payload, or why it was refused. */
export interface Answer {
  readonly ok: boolean;
  readonly payload: XmlRpcValue;
  /** Of a refusal. */
  readonly code: number;
}

/** A user of the cloud. */
export interface Session {
  /** Any outcome. */
  try(method: string, ...params: readonly XmlRpcValue[]): Promise<Answer>;
  /** The payload of a call that is to succeed. */
  call<T extends XmlRpcValue = number>(method: string, ...params: readonly XmlRpcValue[]): Promise<T>;
  /** `CODE message` of a call that is to be refused. */
  refusal(method: string, ...params: readonly XmlRpcValue[]): Promise<string>;
  /** Text of the first element of a document at a path below its root. */
  read(path: string, method: string, ...params: readonly XmlRpcValue[]): Promise<string | undefined>;
}

export interface CloudInProcess extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly oneadmin: Session;
  as(session: string): Session;
  /** Makes a user, `name:name`. */
  user(name: string, groupIds?: readonly number[]): Promise<{ readonly id: number } & Session>;
  /** A dummy host that is monitored, and its id. */
  host(name: string): Promise<number>;
  /** A dummy image datastore whose space is known, and its id. */
  datastore(name: string): Promise<number>;
  /** Resolves once a condition on the cloud holds; the test's own time limit ends the wait. */
  until(condition: () => boolean): Promise<void>;
}

const SESSION = 'oneadmin:opennebula';

export interface CloudInProcessOptions {
  readonly clock?: Clock;
  /** Of oned.conf. */
  readonly configuration?: string;
  readonly drivers?: DriverRunner;
  readonly vmFolders?: CloudOptions['vmFolders'];
  readonly runHook?: CloudOptions['runHook'];
}

export async function startCloudInProcess(options: CloudInProcessOptions = {}): Promise<CloudInProcess> {
  const running = await startCloud({
    store: new SqliteStore(':memory:'),
    drivers: options.drivers ?? new InProcessDrivers(driverTable, openServices()),
    configuration: new Configuration(parseTemplate(options.configuration ?? '')),
    session: SESSION,
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.runHook ? { runHook: options.runHook } : {}),
    ...(options.vmFolders ? { vmFolders: options.vmFolders } : {}),
  });
  const { cloud, exposed } = running;

  const as = (session: string): Session => {
    const attempt = async (method: string, ...params: readonly XmlRpcValue[]): Promise<Answer> => {
      const body = await answer(encodeCall(method, [session, ...params]), exposed, { address: '127.0.0.1' });
      const [ok, payload = '', code] = decodeResponse(body) as XmlRpcValue[];
      return { ok: ok === true, payload, code: Number(code) };
    };
    const call = async (method: string, ...params: readonly XmlRpcValue[]) => {
      const { ok, payload } = await attempt(method, ...params);
      if (!ok) throw new Error(String(payload));
      return payload;
    };
    return {
      try: attempt,
      call: call as Session['call'],
      async refusal(method, ...params) {
        const { ok, payload, code } = await attempt(method, ...params);
        if (ok) throw new Error(`${method} was not refused.`);
        return `${code} ${payload}`;
      },
      read: async (path, method, ...params) => findAll(parseXml(String(await call(method, ...params))), path)[0]?.text,
    };
  };
  const oneadmin = as(SESSION);
  const until = async (condition: () => boolean) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _ = cloud.subscribe(() => {
      if (condition()) resolve();
    });
    if (!condition()) await promise;
  };
  await oneadmin.call('one.datastore.allocate', 'NAME="dummy-system"\nTYPE="SYSTEM_DS"\nTM_MAD="dummy"\n', -1);
  return {
    cloud,
    oneadmin,
    as,
    until,
    async user(name, groupIds = []) {
      const id = await oneadmin.call('one.user.allocate', name, name, '', [...groupIds]);
      return { id, ...as(`${name}:${name}`) };
    },
    async host(name) {
      const id = await oneadmin.call('one.host.allocate', name, 'dummy', 'dummy', -1);
      await until(() => cloud.pools.host.get(id)?.state === 'MONITORED');
      return id;
    },
    async datastore(name) {
      const template = `NAME="${name}"\nDS_MAD="dummy"\nTM_MAD="dummy"\n`;
      const id = await oneadmin.call('one.datastore.allocate', template, -1);
      await until(() => (cloud.pools.datastore.get(id)?.freeMb ?? 0) > 0);
      return id;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
