/** Calls that no client means well: each gets a fault or a refusal in words, and the front-end goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHODS } from '../../../../src/frontend/methods/table.ts';
import { answer } from '../../../../src/frontend/xmlrpc/answer.ts';
import { decodeResponse, encodeCall, XmlRpcFault, type XmlRpcValue } from '../../../../src/opennebula/xmlrpc.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { below, firstSeed, pick, type Random, seededRandom } from '../../../support/random.ts';

let one: CloudInProcess;

beforeAll(async () => {
  one = await startCloudInProcess();
  await one.host('dummy-1');
});

afterAll(() => one[Symbol.asyncDispose]());

/** Codes of XML-RPC's library. */
const FAULTS = [-500, -501, -502, -503, -506];

const BODIES: Readonly<Record<string, string>> = {
  nothing: '',
  'no XML': 'GET / HTTP/1.1',
  'a document type': '<!DOCTYPE a [<!ENTITY b "c">]><methodCall><methodName>&b;</methodName></methodCall>',
  'another document': '<html><body/></html>',
  'no end': '<methodCall><methodName>one.vm.info</methodName><params><param><value>',
  'no method': '<methodCall><params></params></methodCall>',
  'values a thousand deep': `<methodCall><methodName>one.vm.info</methodName><params>${'<value><array><data>'.repeat(1000)}`,
  'an unknown type':
    '<methodCall><methodName>one.vm.info</methodName><params><param><value><what/></value></param></params></methodCall>',
  'a number that is none':
    '<methodCall><methodName>one.vm.info</methodName><params><param><value><i4>x</i4></value></param></params></methodCall>',
};

/** Words of an engine that stumbled, which no user should read. */
const STUMBLE =
  /is not a function|cannot read|undefined|is not iterable|\bNaN\b|invalid (array|string|date|time)|maximum call stack|constraint|sqlite/i;

/** What a text may be; templates too, since many are. */
const TEXTS = [
  '',
  ' ',
  'x',
  '$[',
  'A=[',
  'NAME="a b"',
  'NAME=[A=B]',
  'CPU=-1',
  'CPU=x\nMEMORY=1e9',
  '<A',
  '<A/>',
  '<A><B><C>1</C></B></A>',
  'AR=[SIZE=-1]',
  'AR=[TYPE=IP4,IP=x,SIZE=99999999999]',
  'LEASES=[IP=::]',
  'DISK=[IMAGE_ID=x]',
  'NIC=[NETWORK_ID=-1]',
  'RULE=[A=1]',
  'VM=[CPU=x]',
  'SCHED_ACTION=[TIME=x,ACTION=y]',
  '__proto__',
  'constructor',
  '\u0000',
  '😀'.repeat(50),
  'y'.repeat(300),
];
const NUMBERS = [0, 1, -1, -2, -5, 7, 99, 2 ** 31 - 1, -(2 ** 31)];

/** They would end the session that the test calls with. */
const SPARED = new Set(['one.user.passwd', 'one.user.chauth', 'one.user.enable', 'one.user.login', 'one.user.update']);

describe('a body', () => {
  it.each(Object.entries(BODIES))('that is %s is answered with a fault', async (_, body) => {
    await expect(faultOf(body)).resolves.toSatisfy((code: number) => FAULTS.includes(code));
  });
});

describe('arguments of the right types', () => {
  it.each([...METHODS.keys()].filter((name) => !SPARED.has(name)))(
    'are taken or refused in words by %s',
    async (name) => {
      const seed = firstSeed();
      const random = seededRandom(seed);
      const params = Object.values(METHODS.get(name)?.params ?? {});
      for (let round = 0; round < 12; round++) {
        const args = params.map(({ type }) => argument(type, random));
        const { ok, payload } = await one.oneadmin.try(name, ...args);
        const said = `SEED=${seed} ${name}(${JSON.stringify(args)}): ${payload}`;
        if (!ok) expect(String(payload), said).not.toMatch(STUMBLE);
      }
    },
  );
});

describe('arguments of wrong types', () => {
  it('are answered with a fault by every method', async () => {
    for (const [name, { params }] of METHODS) {
      const wrong = Object.values(params).map(({ type }): XmlRpcValue => (type === 'string' ? 1 : { a: 1 }));
      if (wrong.length === 0) continue;
      await expect(faultOf(encodeCall(name, ['oneadmin:opennebula', ...wrong])), name).resolves.toBe(-501);
    }
  });
});

function argument(type: string, random: Random): XmlRpcValue {
  if (type === 'int') return pick(NUMBERS, random);
  if (type === 'boolean') return random() < 0.5;
  if (type === 'ints') return Array.from({ length: below(3, random) }, () => pick(NUMBERS, random));
  return pick(TEXTS, random);
}

/** The code of the fault with which a body is answered. */
async function faultOf(body: string): Promise<number> {
  const exposed = { methods: METHODS, invoke: async () => [true, '', 0] };
  try {
    decodeResponse(await answer(body, exposed, { address: '127.0.0.1' }));
  } catch (error) {
    if (error instanceof XmlRpcFault) return error.code;
    throw error;
  }
  return 0;
}
