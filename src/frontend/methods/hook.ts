/** `one.hook.*`, `one.hookpool.info` and `one.hooklog.info` (src/rm/api/RMHookAPI.cc and HookPoolAPI.cc, 7.4). */
import { group } from '../../opennebula/xml.ts';
import { isTold } from '../hooks/call-event.ts';
import { executionXml } from '../objects/hook.ts';
import { hookTemplate, readHookType, updatedHookTemplate } from '../objects/hook-template.ts';
import { nameProblem } from '../objects/names.ts';
import { poolDocument } from '../resources/documents.ts';
import { ApiError, internal } from './api-error.ts';
import type { Call } from './call.ts';
import { listUsable } from './listing.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { makeOrSpendFirstId } from './standard/allocate.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const hookMethods: readonly Method[] = [
  defineMethod({
    name: 'one.hook.allocate',
    params: { template: string },
    help: 'Keeps a command that is to be run when an object enters a state, or a method was called.',
    run(call, { template: source }) {
      const given = call.parseTemplate(source);
      call.authorize(call.creation('hook'));
      const type = readHookType(given);
      const name = given.get('NAME') ?? '';
      if (nameProblem(name) !== undefined) throw internal('Invalid name.');
      const { hook: pool } = call.cloud.pools;
      const other = pool.byName(name);
      if (other) throw internal(`NAME is already taken by Hook ${other.id}.`);
      return makeOrSpendFirstId(call, 'hook', () => {
        const template = hookTemplate(given, type, isCallable(call));
        return call.cloud.transaction(
          () => pool.put({ id: pool.nextId(), name, ...ONEADMINS, type, template, executions: [] }).id,
        );
      });
    },
  }),
  infoMethod('hook'),
  defineMethod({
    name: 'one.hookpool.info',
    params: {},
    help: 'Lists the hooks.',
    run: (call) => poolDocument(call.cloud, 'hook', listUsable(call, 'hook')),
  }),
  updateMethod('hook', {
    apply: (call, hook, template) => ({ ...hook, template: updatedHookTemplate(hook, template, isCallable(call)) }),
  }),
  renameMethod('hook'),
  ...lockMethods('hook'),
  deleteMethod('hook'),
  defineMethod({
    name: 'one.hook.retry',
    params: { id: int, execution: int },
    help: 'Runs the command of a hook again, with the arguments of an earlier execution.',
    run(call, { id, execution }) {
      const hook = call.getAuthorized('hook', id, 'MANAGE');
      const earlier = hook.executions.find((each) => each.id === execution);
      if (!earlier) throw internal('Invalid HookLog body. Arguments not found.');
      call.services.hooks.retry(hook, earlier);
      return id;
    },
  }),
  defineMethod({
    name: 'one.hooklog.info',
    params: { since: int, until: int, hook: int, outcome: int },
    help: 'What hooks have run, between two times and of one hook, unless these are -1; 1 what succeeded, -1 what failed.',
    run(call, { since, until, hook: hookId, outcome }) {
      if (!call.isAdmin) throw new ApiError('AUTHORIZATION', '', { kind: 'hook' });
      const hooks = [...call.cloud.pools.hook.all()].reverse().filter(({ id }) => hookId < 0 || id === hookId);
      const records = hooks.flatMap(({ id, executions }) =>
        executions
          .filter(({ time }) => (since < 0 || time > since) && (until < 0 || time < until))
          .filter(({ code }) => (outcome === 1 ? code === 0 : outcome !== -1 || code !== 0))
          .map((execution) => executionXml(id, execution)),
      );
      return group('HOOKLOG', ...records);
    },
  }),
];

/** Whoever makes a hook, it is oneadmin's (Hook::insert_replace). */
const ONEADMINS = { uid: 0, gid: 0, uname: 'oneadmin', gname: 'oneadmin', permissions: 0o600 };

/** Calls that OpenNebula makes to itself cannot be looked up. */
function isCallable({ services }: Call): (method: string) => boolean {
  return (method) => method.startsWith('one.internal') || (services.isMethod(method) && isTold(method));
}
