import type { Plan } from '../../../sandbox/step.ts';

/** What `up` would do, as people read it. */
export function planText({ sandbox, steps, extra }: Plan): string {
  const ids = new Set(steps.map(({ id }) => id));
  const lines = steps.map(({ id, title, needs }) => {
    const after = needs.filter((need) => ids.has(need));
    return `  + ${title}  [${id}]${after.length > 0 ? `  after ${after.join(', ')}` : ''}`;
  });
  const head =
    steps.length === 0
      ? `Sandbox ${sandbox} is as it should be; nothing would be done.`
      : `For sandbox ${sandbox}, ${steps.length} steps would be done:`;
  return [head, ...lines, ...extra.map((machine) => `  ? ${machine} is not asked for, and would be left alone`)].join(
    '\n',
  );
}
