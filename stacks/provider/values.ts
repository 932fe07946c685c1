/**
 * Values on the wire between Pulumi's engine and the provider: secrets come wrapped, values that are not known yet in a
 * preview come as one fixed text, and what is undefined cannot travel. The marks are Pulumi's (sdk/nodejs/runtime/rpc.ts).
 */
import { runtime } from '@pulumi/pulumi';

export type Properties = Record<string, unknown>;

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Properties whose name starts so are the engine's own. */
const ENGINE_MARK = '__';

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether anything in it is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}

export function withoutEngineMarks(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith(ENGINE_MARK)));
}

/** The same value without the wrappings of secrets. */
export function unwrapSecrets(value: unknown): unknown {
  if (isSecret(value)) return unwrapSecrets(value.value);
  return mapValues(value, unwrapSecrets);
}

/** The same properties, those named wrapped as secrets. */
export function wrapSecrets(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      names.includes(name) && value !== undefined ? secretOf(value) : value,
    ]),
  );
}

/** The same value, with wrappings of secrets where the value it was made of has them. */
export function withMarksOf(value: unknown, marked: unknown): unknown {
  if (isSecret(marked)) return secretOf(withMarksOf(value, marked.value));
  if (typeof marked !== 'object' || marked === null) return value;
  return mapValues(value, (item, key) => withMarksOf(item, (marked as Properties)[key]));
}

/** The same value without properties that are undefined, at any depth. */
export function definedOnly(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return mapValues(value, definedOnly);
  const defined = Object.entries(value).filter(([, item]) => item !== undefined);
  return mapValues(Object.fromEntries(defined), definedOnly);
}

interface Secret {
  readonly value: unknown;
}

function isSecret(value: unknown): value is Secret {
  if (typeof value !== 'object' || value === null) return false;
  return (value as Properties)[runtime.specialSigKey] === runtime.specialSecretSig;
}

function secretOf(value: unknown): Secret {
  return { [runtime.specialSigKey]: runtime.specialSecretSig, value } as Secret;
}

function mapValues(value: unknown, change: (item: unknown, key: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item, i) => change(item, String(i)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}
