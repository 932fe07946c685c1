/** docs/reference/exit-codes.md: what `onedock` ends with. */
import { EXIT, EXIT_MEANINGS, exitCodesByError } from '../../src/cli/sandbox/exit-codes.ts';

export async function renderExitCodes(): Promise<string> {
  const errorsOf = (code: number) =>
    Object.entries(exitCodesByError)
      .filter(([, each]) => each === code)
      .map(([error]) => `\`${error}\``)
      .join(', ');
  return [
    '# Exit codes of onedock',
    [
      '| code | meaning | errors |',
      '|---|---|---|',
      ...Object.entries(EXIT).map(
        ([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} | ${errorsOf(code)} |`,
      ),
    ].join('\n'),
    '`exec`, `ssh`, `one` and `bench` end with the code of the command that they run. The programs in `bin/` end with 3 when packages are missing that they may not install. Every error is explained in [errors](errors.md).',
  ].join('\n\n');
}
