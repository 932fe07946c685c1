/** What an engine prints while it pulls or pushes: a JSON value on each line. Pure. */

export interface TransferProgress {
  readonly error?: string;
  readonly status?: string;
  readonly aux?: { readonly Digest?: string };
}

/** The digest of the manifest, which ends a push; Podman says it in words alone. */
export function digestIn({ aux, status = '' }: TransferProgress): string | undefined {
  return aux?.Digest ?? /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(status)?.[1];
}
