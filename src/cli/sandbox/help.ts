/** What `--help` says besides the list of verbs. */
import { entriesOf } from '../../opennebula/tables.ts';
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';

export function helpAfter(calledAs: string): string {
  const codes = entriesOf(EXIT).map(([name, code]) => `  ${String(code).padEnd(5)}${EXIT_MEANINGS[name]}`);
  return `
Without a verb, \`up\` is meant. First steps:
  ${calledAs}${' '}up
  ${calledAs}${' '}one onevm list
  ${calledAs}${' '}down

Exit codes:
${codes.join('\n')}`;
}
