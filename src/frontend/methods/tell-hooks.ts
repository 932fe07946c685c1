/** Tells hooks of a call that has been answered (src/rm/xml-rpc/RequestXRPC.cc, 7.4). */
import type { XmlRpcValue } from '../../opennebula/xmlrpc.ts';
import { KIND_NAMES, KINDS } from '../objects/kinds.ts';
import { documentOf } from '../resources/documents.ts';
import type { Method } from './method.ts';
import type { Services } from './services.ts';

/**
 * To be called before a method runs, because what it removes can be shown only then.
 * @returns tells the answer, with the document of the object that was made or removed
 */
export function callToTell(services: Services, method: Method, args: Readonly<Record<string, unknown>>) {
  const { hooks } = services;
  const removed = method.name.endsWith('.delete') ? documentFor(services, method.name, args.id) : undefined;
  return (answer: readonly XmlRpcValue[]): void => {
    const [success, payload, code, objectId] = answer;
    hooks.called({
      method: method.name,
      params: Object.entries(args).map(([name, value]) => (method.params[name]?.isSecret ? '****' : String(value))),
      success: success === true,
      result: success === true ? [payload, code] : [payload, code, objectId],
      extra() {
        const made = method.name.endsWith('.allocate') ? documentFor(services, method.name, payload) : undefined;
        return success === true ? ((removed ?? made)?.() ?? '') : '';
      },
    });
  };
}

/** Virtual machines are told by their states. */
function documentFor({ cloud }: Services, method: string, id: unknown): (() => string) | undefined {
  const [, prefix] = method.split('.');
  const kind = KIND_NAMES.find((name) => KINDS[name].prefix === prefix);
  if (!kind || kind === 'vm' || typeof id !== 'number') return undefined;
  const record = cloud.pools[kind].get(id);
  return record && (() => documentOf(cloud, kind, record));
}
