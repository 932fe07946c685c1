/** Runs a method for a session and puts the outcome into OpenNebula's arrays; each call leaves two lines in the log. */
import { messageOf, traceOf } from '../../errors/thrown.ts';
import { EscapedText, type XmlRpcValue } from '../../opennebula/xmlrpc.ts';
import { traced } from '../../tracing/spans.ts';
import { AddressAsked } from '../objects/ipam.ts';
import { KIND_NAMES, KINDS, type Kind } from '../objects/kinds.ts';
import { Refusal } from '../objects/refusal.ts';
import { ZONE_ID } from '../objects/zone.ts';
import { ApiError, describeApiError, internal, notAuthenticated } from './api-error.ts';
import { authenticate } from './authenticate.ts';
import { Call } from './call.ts';
import type { Method, Result } from './method.ts';
import type { Services } from './services.ts';
import { callToTell } from './tell-hooks.ts';

/** Numbers of requests start again after this one (src/rm/RequestLogger.cc). */
const LAST_REQUEST_ID = 9999;

/** Returns a function that runs methods, so that requests are numbered one after the other. */
export function createInvoker(services: Services) {
  let requestId = -1;
  return async (
    method: Method,
    session: string,
    args: Readonly<Record<string, unknown>>,
    peer: { readonly address: string },
  ): Promise<XmlRpcValue> => {
    requestId = requestId >= LAST_REQUEST_ID ? 0 : requestId + 1;
    const request = { id: requestId, method, uid: -1 };
    let tell = (_: readonly XmlRpcValue[]) => {};
    try {
      const caller = authenticate(services.cloud, session, services.clock.now());
      if (!caller) throw notAuthenticated();
      request.uid = caller.user.id;
      logInvoked(services, request, args, peer.address);
      if (isZoneClosed(services, method)) throw internal('Cannot process request, zone disabled');
      tell = callToTell(services, method, args);
      const call = new Call(method.name, request.id, caller, services);
      const run = async () => {
        try {
          return await method.run(call, args);
        } catch (error) {
          if (!(error instanceof AddressAsked)) throw error;
          return services.ipam.again(error, () => method.run(call, args));
        }
      };
      const result = await traced(method.name, run);
      logSuccess(services, request, result);
      const answer = [true, result, 0];
      tell(answer);
      return answer;
    } catch (error) {
      const answer = failure(services, request, error);
      tell(answer);
      return answer;
    }
  };
}

/** What a zone that is disabled still answers (`zone_disabled` of src/rm/api, 7.4). */
const ALWAYS_ANSWERED = new Set(['one.zone.enable', 'one.zone.raftstatus', 'one.system.version', 'one.system.config']);
const NOT_ANSWERED = new Set(['one.acl.info', 'one.cluster.info']);

function isZoneClosed({ cloud }: Services, { name }: Method): boolean {
  if (cloud.pools.zone.get(ZONE_ID)?.state !== 1) return false;
  return !ALWAYS_ANSWERED.has(name) && (NOT_ANSWERED.has(name) || !name.endsWith('.info'));
}

interface Request {
  readonly id: number;
  readonly method: Method;
  readonly uid: number;
}

function failure(services: Services, request: Request, error: unknown): XmlRpcValue[] {
  const known = error instanceof ApiError ? error : internal(messageOf(error));
  if (known !== error && !(error instanceof Refusal)) services.log('ReM', 'error', traceOf(error));
  const { name } = request.method;
  const { message, code, objectId } = describeApiError(known, { method: name, uid: request.uid, kind: kindOf(name) });
  services.log('ReM', 'error', `${head(request)} ${name} result FAILURE ${message}`);
  return [false, message, code, objectId, -1n];
}

function logInvoked(
  { log }: Services,
  request: Request,
  args: Readonly<Record<string, unknown>>,
  address: string,
): void {
  const shown = Object.entries(args).map(([name, value]) =>
    request.method.params[name]?.isSecret ? HIDDEN : cut(String(value)),
  );
  log('ReM', 'debug', `${head(request)} IP:${address} ${request.method.name} invoked ${shown.join(', ')}`);
}

function logSuccess({ log }: Services, request: Request, result: Result): void {
  const text = result instanceof EscapedText ? '"<...>"' : typeof result === 'string' ? `"${cut(result)}"` : result;
  log('ReM', 'debug', `${head(request)} ${request.method.name} result SUCCESS, ${text}`);
}

function head({ id, uid }: Request): string {
  return `Req:${String(id).padStart(4, '0')} UID:${uid}`;
}

const HIDDEN = '****';
const SHOWN_CHARACTERS = 20;

function cut(text: string): string {
  const line = text.slice(0, SHOWN_CHARACTERS).replaceAll('\n', ' ');
  return text.length <= SHOWN_CHARACTERS ? line : `${line}...`;
}

const KIND_BY_PREFIX = new Map(
  KIND_NAMES.flatMap((kind): [string, Kind][] => [
    [KINDS[kind].prefix, kind],
    [`${KINDS[kind].prefix}pool`, kind],
  ]),
);

/** The kind of object that a method is about: `one.vnpool.info` is about networks. */
function kindOf(method: string): Kind | undefined {
  return KIND_BY_PREFIX.get(method.split('.')[1] ?? '');
}
