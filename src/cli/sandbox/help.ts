/** What `--help` says besides the list of verbs. */
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';

export function helpAfter(calledAs: string): string {
  const codes = Object.entries(EXIT).map(
    ([name, code]) => `  ${String(code).padEnd(5)}${EXIT_MEANINGS[name as keyof typeof EXIT]}`,
  );
  return `
Without a verb, \`up\` is meant. First steps:
  ${calledAs}${' '}up
  ${calledAs}${' '}one onevm list
  ${calledAs}${' '}down

Exit codes:
${codes.join('\n')}`;
}
