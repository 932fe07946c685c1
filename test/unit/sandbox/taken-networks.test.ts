import { describe, expect, it } from 'vitest';
import { printCidr } from '../../../src/sandbox/cidr.ts';
import { networksOfAddresses, networksOfRoutes } from '../../../src/sandbox/taken-networks.ts';

describe('what a machine uses of IPv4', () => {
  it('is read from routes, single hosts among them', () => {
    const routes = [{ dst: 'default', gateway: '10.0.2.2' }, { dst: '10.0.2.0/24' }, { dst: '172.17.0.9' }];
    expect(networksOfRoutes(JSON.stringify(routes)).map(printCidr)).toEqual(['10.0.2.0/24', '172.17.0.9/32']);
  });

  it('is read from addresses, of links that are down too', () => {
    const links = [
      { ifname: 'lo', addr_info: [{ local: '127.0.0.1', prefixlen: 8 }] },
      { ifname: 'docker0', operstate: 'DOWN', addr_info: [{ local: '172.17.0.1', prefixlen: 16 }] },
      { ifname: 'eth9' },
    ];
    expect(networksOfAddresses(JSON.stringify(links)).map(printCidr)).toEqual(['127.0.0.0/8', '172.17.0.0/16']);
  });

  it('is nothing where `ip` prints nothing', () => {
    expect([...networksOfRoutes(''), ...networksOfAddresses('')]).toEqual([]);
  });
});
