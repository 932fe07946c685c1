import { Refusal } from './refusal.ts';

/** Megabytes of `8`, `8m`, `0.5g` or, where allowed, `1t`; `round` says what becomes of a part of one. */
export function megabytes(
  text: string,
  {
    malformed,
    terabytes = false,
    round = Math.floor,
  }: { malformed: string; terabytes?: boolean; round?: typeof Math.floor },
): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([mgt]b?)?$/i.exec(text.trim()) ?? [];
  const factor = { '': 1, m: 1, g: 1024, t: 1024 ** 2 }[unit.charAt(0).toLowerCase()];
  if (amount === undefined || factor === undefined || (factor === 1024 ** 2 && !terabytes))
    throw new Refusal(malformed);
  return round(Number(amount) * factor);
}
