/** What monitord tells an agent (MONITOR_CONFIGURATION, from monitord.conf, 7.4). Pure. */
import { findText, parseXml } from '../../opennebula/xml.ts';

export interface AgentConfiguration {
  readonly driver: string;
  readonly hostId: number;
  readonly host: string;
  readonly monitord: Destination;
  readonly beaconSeconds: number;
  readonly datastoreLocation: string;
}

export interface Destination {
  readonly address: string;
  readonly port: number;
  /** File of the key with which messages are encrypted; undefined where they are not. */
  readonly publicKeyFile: string | undefined;
}

/** An agent of ours runs beside monitord. */
const LOCAL = '127.0.0.1';

/** @param xml  empty, or `<MONITOR_CONFIGURATION>` */
export function readAgentConfiguration(
  { driver, hostId, host }: Pick<AgentConfiguration, 'driver' | 'hostId' | 'host'>,
  xml: string,
): AgentConfiguration {
  const document = xml === '' ? undefined : parseXml(xml);
  const text = (path: string) => (document && findText(document, path)) || undefined;
  const address = text('NETWORK/MONITOR_ADDRESS') ?? 'auto';
  return {
    driver,
    hostId,
    host,
    monitord: {
      address: address === 'auto' ? LOCAL : address,
      port: Number(text('NETWORK/PORT') ?? 4124),
      publicKeyFile: text('NETWORK/PUBKEY'),
    },
    beaconSeconds: Number(text('PROBES_PERIOD/BEACON_HOST') ?? 30),
    datastoreLocation: text('DATASTORE_LOCATION') ?? '/var/lib/one/datastores',
  };
}
