/** Templates of networks, and the networks that are made from them. */
import { type Chapter, fails, missing, works } from '../step.ts';
import { locked, namedBadly, owned, renamed, shown, updated } from './standard.ts';

const lab = { kind: 'vntemplate', title: 'virtual network template', type: 'VNTEMPLATE', id: '{lab}' };

const LAB = `NAME = "lab"
VN_MAD = "dummy"
BRIDGE = "br7"
CLUSTER_IDS = "0,4711"
AR = [ TYPE = "IP4", IP = "192.0.2.10", SIZE = "4" ]`;

export const networkTemplates: Chapter = {
  title: 'templates of networks',
  steps: [
    works('vntemplate.allocate', [LAB], { as: 'lab' }),
    fails('vntemplate.allocate', [LAB], 'OneInternalException', 'NAME is already taken by VN TEMPLATE {lab}.'),
    fails(
      'vntemplate.allocate',
      ['NAME = "bare"'],
      'OneInternalException',
      'Error inserting Template in DB. VN_MAD is mandatory',
    ),
    ...shown(lab, { NAME: 'lab', UNAME: 'oneadmin', TEMPLATE: { VN_MAD: 'dummy', BRIDGE: 'br7' } }),
    ...updated(lab),
    ...renamed(lab, 'lab'),
    namedBadly(lab),
    ...owned(lab),
    ...locked(lab),
    works('vntemplate.clone', ['{lab}', 'lab-too'], { as: 'copy' }),
    fails(
      'vntemplate.clone',
      ['{lab}', 'lab-too'],
      'OneInternalException',
      'NAME is already taken by VN TEMPLATE {copy}.',
    ),
    missing('vntemplate.clone', 'virtual network template', 'lab-three'),
    works('vntemplatepool.info', [-2, -1, -1], { gives: { VNTEMPLATE: [{ NAME: 'lab-too' }, { NAME: 'lab' }] } }),
    fails('vntemplatepool.info', [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),
    works('vntemplate.instantiate', ['{lab}', 'first', 'AR = [ TYPE = "IP4", IP = "192.0.2.20", SIZE = "2" ]'], {
      as: 'first',
    }),
    works('vn.info', ['{first}'], {
      gives: {
        NAME: 'first',
        CLUSTERS: { ID: [0] },
        AR_POOL: { AR: [{ IP: '192.0.2.10' }, { IP: '192.0.2.20' }] },
      },
    }),
    works('vntemplate.instantiate', ['{lab}', '', ''], { as: 'second' }),
    works('vn.info', ['{second}'], { gives: { NAME: 'lab-{second}' } }),
    fails(
      'vntemplate.instantiate',
      ['{lab}', 'first', ''],
      'OneException',
      'Error allocating a new virtual network template. NAME is already taken by NET {first}.',
    ),
    missing('vntemplate.instantiate', 'virtual network template', 'third', ''),
    works('vn.delete', ['{first}']),
    works('vn.delete', ['{second}']),
    works('vntemplate.delete', ['{copy}']),
    works('vntemplate.delete', ['{lab}']),
    missing('vntemplate.delete', 'virtual network template'),
  ],
};
