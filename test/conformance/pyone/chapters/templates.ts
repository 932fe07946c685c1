/** VM templates, and documents. */
import { type Chapter, fails, missing, until, works } from '../step.ts';
import { locked, namedBadly, owned, renamed, shown, updated } from './standard.ts';

const tiny = { kind: 'template', title: 'virtual machine template', type: 'TEMPLATE', id: '{tiny}' };
const note = { kind: 'document', title: 'document', type: 'DOCUMENT', id: '{note}' };

export const templates: Chapter = {
  title: 'templates and documents',
  steps: [
    works('template.allocate', [{ NAME: 'tiny', CPU: '0.1', MEMORY: '64' }], { as: 'tiny' }),
    fails(
      'template.allocate',
      ['NAME = "tiny"\nCPU = "1"'],
      'OneInternalException',
      'NAME is already taken by TEMPLATE {tiny}.',
    ),
    fails('template.allocate', ['NAME = [ A'], 'OneInternalException'),
    ...shown(tiny, { NAME: 'tiny', UNAME: 'oneadmin', TEMPLATE: { CPU: '0.1', MEMORY: '64' } }),
    works('template.info', ['{tiny}', true]),
    ...updated(tiny),
    ...renamed(tiny, 'tiny'),
    namedBadly(tiny),
    ...owned(tiny),
    ...locked(tiny),
    works('template.clone', ['{tiny}', 'tiny-too', false], { as: 'copy' }),
    fails(
      'template.clone',
      ['{tiny}', 'tiny-too', false],
      'OneInternalException',
      'NAME is already taken by TEMPLATE {copy}.',
    ),
    missing('template.clone', 'virtual machine template', 'tiny-three', false),
    works('templatepool.info', [-2, -1, -1, -1], { gives: { VMTEMPLATE: [{ NAME: 'tiny-too' }, { NAME: 'tiny' }] } }),
    fails('templatepool.info', [], 'OneException'),
    works('template.instantiate', ['{tiny}', 'first', true, 'MEMORY = "128"', false], { as: 'vm' }),
    works('vm.info', ['{vm}'], {
      gives: { NAME: 'first', STATE: 2, TEMPLATE: { CPU: '0.1', MEMORY: '128' }, USER_TEMPLATE: { COLOUR: 'blue' } },
    }),
    fails(
      'template.instantiate',
      ['{tiny}', 'second', false, 'MEMORY = "much"', false],
      'OneException',
      'Error allocating a new virtual machine template. MEMORY attribute must be a positive integer value.',
    ),
    missing('template.instantiate', 'virtual machine template', '', false, '', false),
    works('vm.action', ['terminate', '{vm}']),
    until('vm.info', ['{vm}'], { STATE: 6 }),
    works('template.delete', ['{copy}', false]),
    works('template.delete', ['{tiny}']),
    missing('template.delete', 'virtual machine template'),

    works('document.allocate', ['NAME = "note"\nTEXT = "hello"', 200], { as: 'note' }),
    fails('document.allocate', ['NAME = [', 200], 'OneInternalException'),
    ...shown(note, { NAME: 'note', TYPE: '200', TEMPLATE: { TEXT: 'hello' } }),
    ...updated(note),
    ...renamed(note, 'note'),
    ...owned(note),
    ...locked(note),
    works('document.clone', ['{note}', 'note-too'], { as: 'copied' }),
    missing('document.clone', 'document', 'note-three'),
    works('documentpool.info', [-2, -1, -1, 200], { gives: { DOCUMENT: [{ NAME: 'note-too' }, { NAME: 'note' }] } }),
    fails('documentpool.info', [-5, -1, -1, 200], 'OneApiException', 'Incorrect filter_flag'),
    works('document.delete', ['{copied}']),
    works('document.delete', ['{note}']),
    missing('document.delete', 'document'),
  ],
};
