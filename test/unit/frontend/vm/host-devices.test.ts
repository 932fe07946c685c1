/** Devices that a VM wants of its host, as oned checks and writes them (VirtualMachineParser.cc, 7.4). */
import { describe, expect, it } from 'vitest';
import { createVm } from '../../../../src/frontend/vm/create-vm.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';
import { newVm, surroundings } from '../../../support/vm-surroundings.ts';

const make = (text: string) => createVm(newVm(), parseTemplate(`CPU=1\nMEMORY=1\n${text}`), surroundings()).template;

describe('devices of a VM', () => {
  it('are PCI devices with ids, and no place on the host yet', () => {
    const pci = 'PCI=[VENDOR="10de",ROOT=SHARED,ADDRESS="0000:00:1"]\nPCI=[SHORT_ADDRESS="03:00.0",VM_BUS="0x02"]';
    expect(make(pci).vectors('PCI')).toEqual([
      { VENDOR: '10de', ROOT: 'shared', VM_BUS: '', PCI_ID: '0' },
      { SHORT_ADDRESS: '03:00.0', VM_BUS: '0x02', PCI_ID: '1' },
    ]);
  });

  it('are an IOMMU, a TPM, encrypted memory, and the first model of processor', () => {
    const template = make(
      'IOMMU=[MODEL=Intel,MODE=Single,OPTIONS="intremap=on eim=off"]\nTPM=[MODEL=tpm-crb]\n' +
        'MEMORY_ENCRYPTION=[TYPE=sev]\nCPU_MODEL=[MODEL=a]\nCPU_MODEL=[MODEL=b]',
    );
    expect(template.vector('IOMMU')).toMatchObject({ MODEL: 'intel', MODE: 'single' });
    expect(template.vector('TPM')).toEqual({ MODEL: 'tpm-crb' });
    expect(template.vectors('CPU_MODEL')).toEqual([{ MODEL: 'a' }]);
  });

  it.each([
    ['PCI=[A=b]', 'SHORT_ADDRESS, DEVICE, VENDOR or CLASS must be defined for PCI.'],
    ['PCI=[VENDOR=xy]', 'Wrong Hex value for PCI attribute VENDOR'],
    ['PCI=[VENDOR=10de,SHORT_ADDRESS="03:00.0"]', 'SHORT_ADDRESS cannot be set with DEVICE, VENDOR or CLASS'],
    ['PCI=[VENDOR=10de,ROOT=own]', 'Unknown PCI root mode, has to be SHARED or DEDICATED'],
    ['PCI=[VENDOR=10de,ACPI_NODES="1,"]', 'Invalid nodeset specification in ACPI_NODES'],
    ['PCI=[VENDOR=10de,VM_BUS=q]', 'Wrong VM_BUS in PCI attribute'],
    ['PCI=[VENDOR=10de,TYPE=NIC]', 'PCI devices of TYPE NIC are not supported.'],
    ['RAW=[TYPE=other,DATA=x]', 'Invalid RAW section: unsupported TYPE'],
    ['TPM=[A=b]', 'TPM attribute is missing required key: MODEL'],
    ['MEMORY_ENCRYPTION=[A=b]', 'MEMORY_ENCRYPTION attribute is missing required key: TYPE'],
    ['IOMMU=[MODEL=other,MODE=single]', 'Unknown IOMMU model; must be intel, virtio, smmuv3 or amd'],
    ['IOMMU=[MODEL=smmuv3,MODE=single]', 'IOMMU model smmuv3 requires ARM guests'],
    ['OS=[MACHINE=pc]\nIOMMU=[MODEL=intel,MODE=single]', 'IOMMU device requires a Q35/virt guest'],
    ['IOMMU=[MODEL=intel,MODE=other]', 'Unknown IOMMU mode; must be single or device'],
    ['IOMMU=[MODEL=intel,MODE=single,OPTIONS="x=1"]', 'Parse error in IOMMU options'],
  ])('cannot be %s', (text, problem) => expect(() => make(text)).toThrow(problem));

  it('are given to a hypervisor that is there, or unread', () => {
    expect(make('RAW=[TYPE=KVM,DATA="<vcpu/>"]').vector('RAW')).toEqual({ TYPE: 'KVM', DATA: '<vcpu/>' });
    expect(make('RAW=[TYPE=other,VALIDATE=no]').has('RAW')).toBe(true);
  });
});
