import { describe, expect, it } from 'vitest';
import type { Vm } from '../../../../src/frontend/objects/vm.ts';
import { withChangingNic } from '../../../../src/frontend/vm/nic.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';

const VM = {
  template: parseTemplate(`
    NIC=[ NIC_ID="0", ALIAS_IDS="2,3" ]
    NIC=[ NIC_ID="1" ]
    NIC_ALIAS=[ NIC_ID="2", PARENT_ID="0", ALIAS_ID="0" ]
    NIC_ALIAS=[ NIC_ID="3", PARENT_ID="0", ALIAS_ID="1" ]`),
} as Vm;

describe('withChangingNic', () => {
  const told = (nicId: number, change: 'comes' | 'goes') => withChangingNic(VM, nicId, change).template;

  it('marks the NIC that comes, and changes nothing of the VM itself', () => {
    expect(told(1, 'comes').vectors('NIC')).toEqual([
      { NIC_ID: '0', ALIAS_IDS: '2,3' },
      { NIC_ID: '1', ATTACH: 'YES' },
    ]);
    expect(VM.template.vectors('NIC')[1]).toEqual({ NIC_ID: '1' });
  });

  it('leaves an alias that comes with its NIC, and takes one that goes from it', () => {
    expect(told(3, 'comes').vectors('NIC')[0]).toEqual({ NIC_ID: '0', ALIAS_IDS: '2,3' });
    expect(told(3, 'goes').vectors('NIC')[0]).toEqual({ NIC_ID: '0', ALIAS_IDS: '2' });
    expect(told(3, 'goes').vectors('NIC_ALIAS')[1]).toMatchObject({ NIC_ID: '3', ATTACH: 'YES' });
  });
});
