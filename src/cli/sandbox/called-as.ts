/** How the user calls us, so that hints can be pasted: `npm run sandbox --`, `npx onedock` or `onedock`. */
export function calledAs(env: Readonly<Record<string, string | undefined>>): string {
  if (env.npm_lifecycle_event === 'sandbox') return 'npm run sandbox --';
  return env.npm_command === 'exec' ? 'npx onedock' : 'onedock';
}
