/**
 * Values on the wire between Pulumi's engine and the provider: secrets come wrapped, and values that are not known yet
 * in a preview come as one fixed text. Both marks are Pulumi's (sdk/nodejs/runtime/rpc.ts).
 */
import { runtime } from '@pulumi/pulumi';

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether anything in it is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}

/** The same value without the wrappings of secrets. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  if (record[runtime.specialSigKey] === runtime.specialSecretSig) return unwrapSecrets(record.value);
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, unwrapSecrets(item)]));
}

/** The same properties, those named wrapped as secrets. */
export function wrapSecrets(properties: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      names.includes(name) && value !== undefined
        ? { [runtime.specialSigKey]: runtime.specialSecretSig, value }
        : value,
    ]),
  );
}
