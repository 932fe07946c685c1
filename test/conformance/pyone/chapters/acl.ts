/** Rules of access. */
import { type Chapter, fails, works } from '../step.ts';

/** `#2 VM/* USE #0`, its parts in the hexadecimal numbers of the API. */
const RULE = ['100000002', '1400000000', '1', '100000000'] as const;

export const acl: Chapter = {
  title: 'access rules',
  steps: [
    works('acl.addrule', RULE, { as: 'rule' }),
    works('acl.info', []),
    fails('acl.addrule', RULE, 'OneInternalException'),
    fails('acl.addrule', ['100000002', 'none', '1', '100000000'], 'OneInternalException'),
    fails('acl.info', [], 'OneAuthorizationException', undefined, { user: 'alice:wonderland' }),
    works('acl.delrule', ['{rule}']),
    fails('acl.delrule', ['{rule}'], 'OneInternalException', 'Rule {rule} does not exist'),
  ],
};
