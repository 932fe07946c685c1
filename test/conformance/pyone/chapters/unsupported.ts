/** Methods that OpenNebula has and the front-end refuses. */
import { unsupportedMethods } from '../../../../src/frontend/methods/unsupported.ts';
import { KINDS } from '../../../../src/frontend/objects/kinds.ts';
import { type Chapter, lacks, missing, type Step } from '../step.ts';

/** Prefixes of objects of which there is one with the id 0; of the others none can be made, so none is found. */
const WITH_FIRST = ['cluster', 'zone'];

/** What OpenNebula answers too, as long as a cluster has no plan. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  'cluster.planexecute': 'Plan is not ready',
  'cluster.plandelete': 'Plan for cluster 0 does not exist',
};

const EXAMPLES = { int: 0, string: '', boolean: false, ints: [] };

export const unsupported: Chapter = {
  title: 'what is not supported',
  steps: unsupportedMethods.map(({ name, params, help }): Step => {
    const method = name.replace('one.', '');
    const [prefix = '', verb = ''] = method.split('.');
    const args = Object.values(params).map(({ type }) => EXAMPLES[type]);
    const ofServers = verb.endsWith('db');
    const isFound = ofServers || WITH_FIRST.includes(prefix) || verb.startsWith('allocate') || prefix === 'system';
    const own = OWN_WORDS[method];
    if (own !== undefined) return lacks(method, args, 'OneActionException', own);
    if (isFound) return lacks(method, args, 'OneInternalException', help.replace('Refused: ', ''));
    const kind = Object.values(KINDS).find((entry) => entry.prefix === prefix);
    return missing(method, kind?.title ?? prefix, ...args.slice(1));
  }),
};
