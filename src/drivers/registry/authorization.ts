/**
 * How a registry wants to be asked: by name and password, or by a token that another server gives for them (the
 * distribution project's "token authentication", which Docker Hub and most public registries use, also anonymously).
 */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads `WWW-Authenticate`; undefined when it asks for something else. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const [, word = '', rest = ''] = /^(basic|bearer)\s+(.*)$/i.exec(header?.trim() ?? '') ?? [];
  const scheme = word.toLowerCase();
  if (scheme !== 'basic' && scheme !== 'bearer') return undefined;
  const parameters: Record<string, string> = {};
  for (const [, key = '', value = ''] of rest.matchAll(/(\w+)="([^"]*)"/g)) parameters[key.toLowerCase()] = value;
  return { scheme, parameters };
}

/** As HTTP and `docker login` write them. */
export function encodeCredentials({ user, password }: Credentials): string {
  return Buffer.from(`${user}:${password}`).toString('base64');
}

/** @returns undefined when the text is not what `encodeCredentials` writes */
export function decodeCredentials(encoded: string): Credentials | undefined {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function basicAuthorization(credentials: Credentials): string {
  return `Basic ${encodeCredentials(credentials)}`;
}

/** Where the token is to be fetched that a challenge asks for. */
export function tokenUrl({ parameters }: Challenge): URL | undefined {
  const { realm, service, scope } = parameters;
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  if (scope !== undefined) url.searchParams.set('scope', scope);
  return url;
}
