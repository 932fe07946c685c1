/** The PCI devices of a dummy host (src/im_mad/remotes/dummy-probes.d/host/system/system.rb, 7.4). */
export type PciDevice = Readonly<Record<string, string>>;

const NVIDIA_PROFILES =
  '1145 (NVIDIA L40S-1B),1146 (NVIDIA L40S-2B),1147 (NVIDIA L40S-1Q),1148 (NVIDIA L40S-2Q),1149 (NVIDIA L40S-3Q),' +
  '1150 (NVIDIA L40S-4Q),1151 (NVIDIA L40S-6Q),1152 (NVIDIA L40S-8Q),1153 (NVIDIA L40S-12Q),1154 (NVIDIA L40S-16Q),' +
  '1155 (NVIDIA L40S-24Q),1156 (NVIDIA L40S-48Q),1157 (NVIDIA L40S-1A),1158 (NVIDIA L40S-2A),1159 (NVIDIA L40S-3A),' +
  '1160 (NVIDIA L40S-4A),1161 (NVIDIA L40S-6A),1162 (NVIDIA L40S-8A),1163 (NVIDIA L40S-12A),1164 (NVIDIA L40S-16A),' +
  '1165 (NVIDIA L40S-24A),1166 (NVIDIA L40S-48A)';

/** A network card of two ports with eight virtual functions each. */
const PORTS = [0, 1];
const VIRTUAL_FUNCTIONS = Array.from({ length: 16 }, (_, i) => i);

export const PCI_DEVICES: readonly PciDevice[] = [
  device('02:00.0', '10de:0863:0302', {
    CLASS_NAME: '3D controller',
    DEVICE_NAME: 'C79 [GeForce 9400M]',
    VENDOR_NAME: 'NVIDIA Corporation',
    NUMA_NODE: '1',
    PROFILES: NVIDIA_PROFILES,
  }),
  device('00:06.0', '1b21:0aa7:0c03', {
    CLASS_NAME: 'USB controller',
    DEVICE_NAME: 'MCP79 OHCI USB 1.1 Controller',
    VENDOR_NAME: 'ASMedia Technology Inc.',
    NUMA_NODE: '1',
  }),
  device('00:06.1', '1022:0aa9:0c03', {
    CLASS_NAME: 'USB controller',
    DEVICE_NAME: 'MCP79 EHCI USB 2.0 Controller',
    VENDOR_NAME: 'Advanced Micro Devices, Inc.',
  }),
  device('04:00.1', '14e4:165f:0200', {
    CLASS_NAME: 'Ethernet controller',
    DEVICE_NAME: 'NetXtreme BCM5720 Gigabit Ethernet PCIe',
    VENDOR_NAME: 'Broadcom Inc. and subsidiaries',
    IFNAME: 'eno8403',
  }),
  ...PORTS.map((port) => connectX(`81:00.${port}`, '1015', '', `pf${port}`, { SRIOV: 'pf', SRIOV_NUM: '8' })),
  ...VIRTUAL_FUNCTIONS.map((i) => {
    // The ports come before them: virtual functions begin with the third function of the bus.
    const [slot, fn] = [Math.floor((i + PORTS.length) / 8), (i + PORTS.length) % 8];
    const name = `vf0${slot}${fn}`;
    return connectX(`81:0${slot}.${fn}`, '1016', ' Virtual Function', name, { SRIOV: 'vf' });
  }),
];

function connectX(shortAddress: string, code: string, kind: string, ifname: string, sriov: PciDevice): PciDevice {
  return device(shortAddress, `15b3:${code}:0200`, {
    CLASS_NAME: 'Ethernet controller',
    DEVICE_NAME: `MT27710 Family [ConnectX-4 Lx${kind}]`,
    VENDOR_NAME: 'Mellanox Technologies',
    IFNAME: ifname,
    ...sriov,
  });
}

/** @param shortAddress  `bus:slot.function` @param type  `vendor:device:class` */
function device(shortAddress: string, type: string, others: PciDevice): PciDevice {
  const [bus = '', slot = '', fn = ''] = shortAddress.split(/[:.]/);
  const [vendor = '', code = '', deviceClass = ''] = type.split(':');
  return {
    ADDRESS: `0000:${bus}:${slot}:${fn}`,
    BUS: bus,
    CLASS: deviceClass,
    DEVICE: code,
    DOMAIN: '0000',
    FUNCTION: fn,
    IFNAME: '-',
    NUMA_NODE: '0',
    SHORT_ADDRESS: shortAddress,
    SLOT: slot,
    SRIOV: 'no',
    TYPE: type,
    VENDOR: vendor,
    ...others,
  };
}
