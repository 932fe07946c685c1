/** A call of the API as hooks hear of it, whether it succeeded or not (src/hm/HookAPI.cc, 7.4). */
import { group, text } from '../../opennebula/xml.ts';
import type { HookEvent } from './state-events.ts';

export interface FinishedCall {
  readonly method: string;
  /** Behind the session, as they are to be shown. */
  readonly params: readonly string[];
  readonly success: boolean;
  /** Result or message, code, and for a failure the id of the object that caused it. */
  readonly result: readonly unknown[];
  /** Document of the object that was made or removed. */
  extra(): string;
}

export function callEvent({ method, params, success, result, extra }: FinishedCall): HookEvent {
  const document = () =>
    group(
      'CALL_INFO',
      text('RESULT', success ? 1 : 0),
      group(
        'PARAMETERS',
        ...['****', ...params].map((value, i) => parameter(i, 'IN', value)),
        ...[success, ...result].map((value, i) => parameter(i, 'OUT', String(value))),
      ),
      group('EXTRA', extra()),
    );
  return { key: method, variable: '$API', document, remoteHost: '' };
}

function parameter(index: number, type: 'IN' | 'OUT', value: string): string {
  return group('PARAMETER', text('POSITION', index + 1), text('TYPE', type), text('VALUE', value));
}

/** Calls that only show something are not told: they are too many. */
export function isTold(method: string): boolean {
  return !/\.info(extended)?$/.test(method);
}
