/**
 * A MAC address for a bridge, made of its IPv4 address. Left to itself a bridge takes the lowest address of its ports, and
 * changes it whenever a port comes or goes: neighbours that know the former one cannot reach it for up to a minute.
 */
export function linkAddressOf(address: string): string {
  const octets = address.replace(/\/.*/, '').split('.').map(Number);
  // 02: administered locally; OpenNebula's own addresses for VMs begin with 02:00.
  return ['02', '6f', ...octets.map((octet) => octet.toString(16).padStart(2, '0'))].join(':');
}
