/** Changes of the cloud as hooks hear of them: an object has another state than before (src/hm/HookState*.cc, 7.4). */
import { statesOf } from '../objects/phase.ts';
import { currentRecord } from '../objects/vm.ts';
import { vmXml } from '../objects/vm-document.ts';
import { documentOf } from '../resources/documents.ts';
import type { Cloud } from '../store/cloud.ts';
import type { Change } from '../store/transaction.ts';

export interface HookEvent {
  /** What hooks wait for by the same name (`hookKey`). */
  readonly key: string;
  /** Which argument of a hook stands for `document`. */
  readonly variable: '$TEMPLATE' | '$API';
  /** Made only when a hook wants it. */
  document(): string;
  /** Host that the object is on. */
  readonly remoteHost: string;
}

/** @returns undefined for a change that hooks do not hear of */
export function stateEvent(cloud: Cloud, change: Change): HookEvent | undefined {
  if (!change.after) return undefined;
  if (change.kind === 'vm') {
    const { before, after } = change;
    if (before?.phase === after.phase) return undefined;
    const { state, lcmState } = statesOf(after.phase);
    const remoteHost = currentRecord(after)?.hostName ?? '';
    return { key: `VM/${state}/${lcmState}`, variable: '$TEMPLATE', document: () => vmXml(after), remoteHost };
  }
  if (change.kind === 'host') return ofState('HOST', cloud, change, change.after.name);
  if (change.kind === 'image') return ofState('IMAGE', cloud, change);
  if (change.kind === 'vnet') return ofState('NET', cloud, change);
  return undefined;
}

function ofState(
  resource: string,
  cloud: Cloud,
  { kind, before, after }: Extract<Change, { kind: 'host' | 'image' | 'vnet' }>,
  remoteHost = '',
): HookEvent | undefined {
  if (!after || before?.state === after.state) return undefined;
  const document = () => documentOf(cloud, kind, after);
  return { key: `${resource}/${after.state}`, variable: '$TEMPLATE', document, remoteHost };
}
