/** What can be done with a stack, and what the answer is: how many resources change, and what the stack says of itself. */
import type { automation } from '@pulumi/pulumi';

export interface Answer {
  /** How many resources were made (`create`), left (`same`), …, in Pulumi's words. */
  readonly changes: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface Following {
  readonly onOutput: (text: string) => void;
  readonly color: 'auto' | 'never';
  readonly signal: AbortSignal;
}

type Run = (stack: automation.Stack, following: Following) => Promise<Answer>;

export const VERBS = {
  preview: async (stack, following) => ({
    changes: (await stack.preview(following)).changeSummary,
    outputs: shown(await stack.outputs()),
  }),
  up: async (stack, following) => {
    const { summary, outputs } = await stack.up(following);
    return { changes: summary.resourceChanges ?? {}, outputs: shown(outputs) };
  },
  refresh: async (stack, following) => {
    const { summary } = await stack.refresh(following);
    return { changes: summary.resourceChanges ?? {}, outputs: shown(await stack.outputs()) };
  },
  destroy: async (stack, following) => {
    const { summary } = await stack.destroy(following);
    return { changes: summary.resourceChanges ?? {}, outputs: {} };
  },
} satisfies Record<string, Run>;

export type Verb = keyof typeof VERBS;

export function isVerb(word: string): word is Verb {
  return word in VERBS;
}

function shown(outputs: automation.OutputMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? '[secret]' : value]),
  );
}
