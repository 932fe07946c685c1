import { OnedockError } from './onedock-error.ts';
import { messageOf } from './thrown.ts';

/**
 * An error as people read it: what happened, why, what to do, one paragraph each, then the chain of causes.
 * `verbose` adds stack traces.
 */
export function presentError(error: unknown, { verbose = false } = {}): string {
  const lines: string[] = [];
  let current: unknown = error;
  while (current !== undefined) {
    const prefix = lines.length === 0 ? '' : '  caused by: ';
    lines.push(...describe(current).map((line, i) => (i === 0 ? `${prefix}${line}` : line)));
    if (verbose && current instanceof Error && current.stack) lines.push(current.stack);
    current = current instanceof Error ? current.cause : undefined;
  }
  return lines.join('\n');
}

function describe(error: unknown): string[] {
  if (error instanceof OnedockError) {
    return [`${error.message} [${error.code}]`, error.why, error.todo].filter((line) => line !== '');
  }
  return [messageOf(error)];
}

/** The same for programs, one object. */
export function errorJson(error: unknown): { code: string; what: string; why: string; todo: string; data: object } {
  if (error instanceof OnedockError) {
    const { code, message, why, todo, data } = error;
    return { code, what: message, why, todo, data };
  }
  return {
    code: 'UNEXPECTED',
    what: messageOf(error),
    why: '',
    todo: '',
    data: {},
  };
}
