import { describe, expect, it } from 'vitest';
import {
  type ConfigurationEdit,
  MONITORD_CONF,
  ONED_CONF,
  VMM_EXECRC,
} from '../../../src/install/edit-configuration.ts';
import { MarksDamaged } from '../../../src/install/marked-block.ts';
import { parseTemplate } from '../../../src/opennebula/template.ts';
import * as files from '../../support/oned-conf.ts';

const edits: readonly (readonly [name: string, edit: ConfigurationEdit, text: string])[] = [
  ['oned.conf', ONED_CONF, files.ONED_CONF],
  ['monitord.conf', MONITORD_CONF, files.MONITORD_CONF],
  ['vmm_execrc', VMM_EXECRC, files.VMM_EXECRC],
];

describe.each(edits)('%s', (_, edit, text) => {
  it('is the same when the edit is made twice', () => {
    const once = edit.add(text);
    expect(once).not.toBe(text);
    expect(edit.add(once)).toBe(once);
  });

  it.each([
    ['as it is', (given: string) => given],
    ['without a line feed at its end', (given: string) => given.trimEnd()],
    ['with empty lines at its end', (given: string) => `${given}\n\n`],
    ['empty', () => ''],
  ])('is what it was when the edit is taken out, %s', (_form, form) => {
    expect(edit.remove(edit.add(form(text)))).toBe(form(text));
  });

  it('keeps what others have changed in the meantime', () => {
    const changed = edit.add(text).replace('# ', '# Edited. ').concat('# Added.\n');
    expect(edit.remove(changed)).toBe(`${text.replace('# ', '# Edited. ')}# Added.\n`);
  });

  it('is not changed by taking out what is not there', () => {
    expect(edit.remove(text)).toBe(text);
  });

  it('keeps its lines in their order and adds to them', () => {
    const before = text.split('\n').filter((line) => !/ARGUMENTS|_SNAPSHOTS=|_ACTIONS=/.test(line));
    const after = edit.add(text).split('\n');
    const left = before.reduce<readonly string[]>((rest, line) => rest.slice(rest.indexOf(line) + 1), ['', ...after]);
    expect(before.every((line) => after.includes(line))).toBe(true);
    expect(after.slice(after.length - left.length)).toEqual(left);
  });
});

describe('the edited oned.conf', () => {
  const edited = parseTemplate(ONED_CONF.add(files.ONED_CONF));
  const arguments_ = (name: string) => edited.vector(name)?.ARGUMENTS ?? '';
  const named = (list: string) => edited.vectors(list).find(({ NAME }) => NAME === 'onedock');

  it('adds the drivers to those that the transfer and datastore managers start', () => {
    expect(arguments_('TM_MAD')).toMatch(/-d \S*,local,ceph,dev,onedock$/);
    expect(arguments_('DATASTORE_MAD')).toMatch(/-d dummy,fs,\S+,onedock -s dummy,\S+,onedock$/);
  });

  it('has every action of the virtualization driver run on the front-end, by both of its names', () => {
    const [, list = ''] = / -l (\S+) onedock -p$/.exec(named('VM_MAD')?.ARGUMENTS ?? '') ?? [];
    expect(list.split(',')).toEqual(
      expect.arrayContaining(['deploy', 'cancel', 'attach_disk', 'snapshot_create', 'snapshotcreate', 'exec']),
    );
    expect(named('VM_MAD')).toMatchObject({ EXECUTABLE: 'one_vmm_exec', TYPE: 'xml', LIVE_RESIZE: 'yes' });
  });

  it('tells what the transfer driver can do with the system datastores of a fresh OpenNebula', () => {
    const conf = named('TM_MAD_CONF');
    expect(conf).toMatchObject({ SHARED: 'NO', TM_MAD_SYSTEM: 'local,ssh,shared', CLONE_TARGET_LOCAL: 'SYSTEM' });
    expect(named('DS_MAD_CONF')).toBeDefined();
    expect(named('VN_MAD_CONF')).toMatchObject({ BRIDGE_TYPE: 'linux' });
  });

  it('keeps all other entries', () => {
    const before = parseTemplate(files.ONED_CONF);
    for (const name of before.names()) {
      if (name === 'TM_MAD' || name === 'DATASTORE_MAD') continue;
      expect(edited.attributes.filter(([key]) => key === name)).toEqual(
        expect.arrayContaining(before.attributes.filter(([key]) => key === name)),
      );
    }
  });
});

it('monitord.conf has the hosts watched from the front-end', () => {
  const { attributes } = parseTemplate(MONITORD_CONF.add(files.MONITORD_CONF));
  expect(attributes.at(-1)).toEqual([
    'IM_MAD',
    expect.objectContaining({ NAME: 'onedock', EXECUTABLE: 'one_im_sh', ARGUMENTS: '-r 3 -t 15 -w 90 onedock' }),
  ]);
});

describe('vmm_execrc', () => {
  it('has network actions of the driver run on the front-end, and live snapshots allowed', () => {
    const edited = VMM_EXECRC.add(files.VMM_EXECRC);
    expect(edited).toContain('kvm-local onedock-onedock"\n');
    expect(edited).toContain(
      'VNMAD_LOCAL_ACTIONS="elastic-post elastic-clean onedock-pre onedock-post onedock-clean onedock-update_sg onedock-update_nic"\n',
    );
  });

  it('gets a variable that it lacks', () => {
    expect(VMM_EXECRC.add('# Nothing.\n')).toContain('\nLIVE_DISK_SNAPSHOTS="onedock-onedock"\nVNMAD_LOCAL_ACTIONS=');
  });
});

describe('drivers of somebody else', () => {
  it.each([
    ['a virtualization driver', 'VM_MAD = [ NAME = "onedock", EXECUTABLE = "x" ]\n', ['VM_MAD']],
    ['a name in a list', files.ONED_CONF.replace('dev"', 'dev,onedock"'), ['TM_MAD']],
    ['none', files.ONED_CONF, []],
    ['those of a finished installation', ONED_CONF.add(files.ONED_CONF), []],
  ])('are found: %s', (_, text, found) => {
    expect(ONED_CONF.findForeign(text)).toEqual(found);
  });

  it('are found in monitord.conf', () => {
    expect(MONITORD_CONF.findForeign('IM_MAD = [ NAME = "onedock" ]\n')).toEqual(['IM_MAD']);
  });
});

it.each([
  ['no end', '# ONEDock: begin\nA = 1\n', 1],
  ['no beginning', 'A = 1\n# ONEDock: end\n', 2],
  ['two blocks', `${MONITORD_CONF.add('')}${MONITORD_CONF.add('')}`, 12],
])('marks that are not whole are told with their line: %s', (_, text, line) => {
  expect(() => MONITORD_CONF.remove(text)).toThrow(expect.objectContaining({ name: 'MarksDamaged', line }));
  expect(() => MONITORD_CONF.add(text)).toThrow(MarksDamaged);
});
