import { describe, expect, it } from 'vitest';
import { readAgentConfiguration } from '../../../../src/drivers/agent/configuration.ts';

const WHO = { driver: 'onedock', hostId: 4, host: 'host-1' };

describe('the configuration of an agent', () => {
  it('is what monitord sends', () => {
    const xml =
      '<MONITOR_CONFIGURATION><DATASTORE_LOCATION><![CDATA[/ds]]></DATASTORE_LOCATION><NETWORK><ADDRESS><![CDATA[::]]></ADDRESS><MONITOR_ADDRESS><![CDATA[10.0.0.1]]></MONITOR_ADDRESS><PORT><![CDATA[4125]]></PORT><PUBKEY><![CDATA[/etc/one/key]]></PUBKEY></NETWORK><PROBES_PERIOD><BEACON_HOST><![CDATA[15]]></BEACON_HOST></PROBES_PERIOD><HOST_ID>4</HOST_ID></MONITOR_CONFIGURATION>';
    expect(readAgentConfiguration(WHO, xml)).toEqual({
      ...WHO,
      monitord: { address: '10.0.0.1', port: 4125, publicKeyFile: '/etc/one/key' },
      beaconSeconds: 15,
      datastoreLocation: '/ds',
    });
  });

  it('sends to this machine where the address is found by itself, since the agent runs beside monitord', () => {
    const xml =
      '<MONITOR_CONFIGURATION><NETWORK><MONITOR_ADDRESS><![CDATA[auto]]></MONITOR_ADDRESS><PUBKEY><![CDATA[]]></PUBKEY></NETWORK></MONITOR_CONFIGURATION>';
    const expected = { address: '127.0.0.1', port: 4124, publicKeyFile: undefined };
    expect(readAgentConfiguration(WHO, xml).monitord).toEqual(expected);
    expect(readAgentConfiguration(WHO, '').monitord).toEqual(expected);
  });
});
