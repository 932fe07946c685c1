/** Hooks. */
import { type Chapter, fails, missing, until, works } from '../step.ts';
import { locked, renamed } from './standard.ts';

const hook = { kind: 'hook', title: 'hook', type: 'HOOK', id: '{hook}' };
const TEMPLATE =
  'NAME = "told"\nTYPE = "api"\nCALL = "one.cluster.allocate"\nCOMMAND = "/bin/echo"\nARGUMENTS = "hello"';

export const hooks: Chapter = {
  title: 'hooks',
  steps: [
    works('hook.allocate', [TEMPLATE], { as: 'hook' }),
    fails('hook.allocate', [TEMPLATE], 'OneInternalException', 'NAME is already taken by Hook 0.'),
    works('hook.info', ['{hook}'], {
      gives: { NAME: 'told', TYPE: 'api', TEMPLATE: { CALL: 'one.cluster.allocate' } },
    }),
    works('hookpool.info', [], { gives: { HOOK: [{ NAME: 'told' }] } }),
    works('hook.update', ['{hook}', 'NOTE = "kept"', 1]),
    fails(
      'hook.update',
      ['{hook}', 'NOTE = "alone"', 0],
      'OneInternalException',
      'Cannot update template. The COMMAND attribute is not defined.',
    ),
    ...renamed(hook, 'told'),
    ...locked(hook),
    works('cluster.allocate', ['hooked'], { as: 'cluster' }),
    until('hook.info', ['{hook}'], { HOOKLOG: { HOOK_EXECUTION_RECORD: [{ ARGUMENTS: 'hello' }] } }),
    works('hooklog.info', [-1, -1, '{hook}', 1], { unbound: ['HOOKLOG'] }),
    fails('hooklog.info', [-1, -1, -1], 'OneException'),
    works('hook.retry', ['{hook}', 0]),
    fails('hook.retry', ['{hook}', 99], 'OneInternalException', 'Invalid HookLog body. Arguments not found.'),
    works('cluster.delete', ['{cluster}']),
    works('hook.delete', ['{hook}']),
    missing('hook.delete', 'hook'),
  ],
};
