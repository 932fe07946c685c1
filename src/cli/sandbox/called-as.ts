/** How the user calls us, so that hints can be pasted: `npm run sandbox --`, `npx onedock` or `onedock`. */
export function calledAs(env: Readonly<Record<string, string | undefined>>): string {
  if (env.npm_lifecycle_event === 'sandbox') return 'npm run sandbox --';
  return env.npm_command === 'exec' ? 'npx onedock' : 'onedock';
}

/** Spells a command line that can be pasted: a verb and its words. */
export type Hint = (verb: string, ...words: string[]) => string;

/** For the sandbox that this call is about, so with the options that named it. */
export function hinting(
  env: Parameters<typeof calledAs>[0],
  {
    name,
    config,
    provider,
  }: Readonly<Record<'name' | 'config', string | undefined>> & { readonly provider?: string | undefined },
): Hint {
  const us = calledAs(env);
  const which = [
    ...(name === undefined ? [] : ['--name', name]),
    ...(config === undefined ? [] : ['--config', config]),
    ...(provider === undefined ? [] : ['--provider', provider]),
  ];
  return (verb, ...words) => [us, verb, ...which, ...words].join(' ');
}
