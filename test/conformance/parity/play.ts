/** Plays a scenario against an end point and records the answers. */
import { parseXml } from '../../../src/opennebula/xml.ts';
import { decodeResponse, encodeCall, XmlRpcFault, type XmlRpcValue } from '../../../src/opennebula/xmlrpc.ts';
import type { Step } from './compare.ts';
import { normalize, normalizeText } from './normalize.ts';
import type { CallStep, ScenarioStep, WaitStep } from './scenario/step.ts';

export interface Target {
  /** As in `http://127.0.0.1:2633/RPC2`. */
  readonly url: string;
  /** `user:password` of oneadmin. */
  readonly session: string;
}

const WAIT_SECONDS = 60;
const POLL_MS = 20;

export async function playScenario(target: Target, scenario: readonly ScenarioStep[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const step of scenario) {
    const answer = 'args' in step ? await playCall(target, step) : await playWait(target, step);
    if (answer) steps.push(answer);
  }
  return steps;
}

async function playCall(target: Target, { label, method, args, session }: CallStep): Promise<Step> {
  try {
    const answer = await request(target.url, method, [session ?? target.session, ...args]);
    if (!Array.isArray(answer)) return { label, method, ok: true, value: normalize(answer) };
    const [ok, value, code] = answer;
    return { label, method, ok: Boolean(ok), code: code as number, value: normalize(value) };
  } catch (error) {
    if (!(error instanceof XmlRpcFault)) return { label, method, broken: String(error) };
    return { label, method, fault: true, code: error.code, value: normalizeText(error.message) };
  }
}

async function playWait(target: Target, { label, method, id, read, isReached }: WaitStep): Promise<Step | undefined> {
  const end = Date.now() + WAIT_SECONDS * 1000;
  for (;;) {
    const answer = (await request(target.url, method, [target.session, id, false])) as [boolean, string];
    const document = answer[0] ? parseXml(answer[1]) : undefined;
    const ok = document !== undefined && isReached(document);
    if (ok || Date.now() > end) {
      return label === undefined ? undefined : { label, ok, value: document ? read(document) : null };
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @throws XmlRpcFault */
async function request(url: string, method: string, params: readonly XmlRpcValue[]): Promise<XmlRpcValue> {
  const response = await fetch(url, { method: 'POST', body: encodeCall(method, params) });
  return decodeResponse(await response.text());
}
