/** Virtual data centres. */
import { type Chapter, fails, missing, works } from '../step.ts';
import { renamed, updated } from './standard.ts';

const vdc = { kind: 'vdc', title: 'VDC', type: 'VDC', id: '{vdc}' };
const RESOURCES = [
  ['cluster', 'CLUSTER', 'cluster'],
  ['host', 'HOST', 'host'],
  ['datastore', 'DATASTORE', 'datastore'],
  ['vnet', 'NET', 'virtual network'],
] as const;
const ALL = -10;

export const vdcs: Chapter = {
  title: 'virtual data centres',
  steps: [
    works('vdc.allocate', ['NAME = "tenants"'], { as: 'vdc' }),
    fails('vdc.allocate', ['NAME = "default"'], 'OneInternalException', 'NAME is already taken by Vdc 0.'),
    ...updated(vdc),
    ...renamed(vdc, 'tenants'),
    works('vdc.addgroup', ['{vdc}', 1]),
    works('vdc.info', ['{vdc}'], { gives: { GROUPS: { ID: [1] } } }),
    missing('vdc.addgroup', 'VDC', 1),
    works('vdc.delgroup', ['{vdc}', 1]),
    fails('vdc.delgroup', ['{vdc}', 1], 'OneInternalException'),
    ...RESOURCES.flatMap(([word, type, title]) => [
      works(`vdc.add${word}`, ['{vdc}', 0, ALL]),
      fails(
        `vdc.add${word}`,
        ['{vdc}', 0, ALL],
        'OneInternalException',
        `${type} -10 from Zone 0 is already assigned to the VDC`,
      ),
      fails(`vdc.add${word}`, ['{vdc}', 0, 9999], 'OneNoExistsException', `Error getting ${title} [9999].`),
      works(`vdc.del${word}`, ['{vdc}', 0, ALL]),
      fails(
        `vdc.del${word}`,
        ['{vdc}', 0, ALL],
        'OneInternalException',
        `${type} -10 from Zone 0 is not assigned to the VDC `,
      ),
    ]),
    works('vdc.delete', ['{vdc}']),
    fails('vdc.delete', [0], 'OneActionException', 'Cannot delete VDC. System VDCs (ID < 100) cannot be deleted.'),
  ],
};
