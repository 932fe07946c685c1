/** A network with its addresses. */
import { NET, RESERVATION } from './objects.ts';
import { call, waitForState } from './step.ts';

export const networks = [
  call(
    'vn create',
    'one.vn.allocate',
    'NAME="net"\nVN_MAD="dummy"\nBRIDGE="br0"\nNETWORK_ADDRESS="10.1.0.0"\nNETWORK_MASK="255.255.255.0"\nGATEWAY="10.1.0.1"\nDNS="10.1.0.1"\nAR=[TYPE="IP4",IP="10.1.0.10",SIZE="20"]',
    -1,
  ),
  waitForState('vn ready', 'one.vn.info', NET, 1),
  call('vn info', 'one.vn.info', NET, false),
  call('vn no mad', 'one.vn.allocate', 'NAME="nomad"', -1),
  call('vn add ar', 'one.vn.add_ar', NET, 'AR=[TYPE="IP4",IP="10.1.0.100",SIZE="5"]'),
  call('vn hold', 'one.vn.hold', NET, 'LEASES=[IP="10.1.0.12"]'),
  call('vn hold twice', 'one.vn.hold', NET, 'LEASES=[IP="10.1.0.12"]'),
  call('vn info 2', 'one.vn.info', NET, false),
  call('vn release', 'one.vn.release', NET, 'LEASES=[IP="10.1.0.12"]'),
  call('vn reserve', 'one.vn.reserve', NET, 'NAME="res"\nSIZE="3"'),
  waitForState('res ready', 'one.vn.info', RESERVATION, 1),
  call('vn info 3', 'one.vn.info', NET, false),
  call('vn rm ar', 'one.vn.rm_ar', NET, 1),
  call('vn pool', 'one.vnpool.info', -2, -1, -1),
];
