/**
 * CONTEXT of a VM: variables are filled in, and with NETWORK=YES each NIC adds its own, all of them, empty where nothing
 * is known (src/vm/VirtualMachineContext.cc, 7.4).
 */
import { isYes, type Vector } from '../../opennebula/template.ts';
import { contextFilesOf, type Files } from './file-variables.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { contextPrefix } from './nic.ts';
import { routerContext } from './router-nic.ts';
import { substitute, type VariableSources } from './substitution.ts';
import { checkVariables } from './variable-grammar.ts';

interface NetworkVariable {
  readonly name: string;
  /** Attributes of the NIC, the first that is there counts. */
  readonly from: readonly string[];
  /** Looked up in the address range and the network when the NIC has none. */
  readonly inNetwork?: true;
}

const NETWORK_VARIABLES: readonly NetworkVariable[] = [
  { name: 'IP', from: ['IP'] },
  { name: 'MAC', from: ['MAC'] },
  { name: 'MASK', from: ['NETWORK_MASK'], inNetwork: true },
  { name: 'NETWORK', from: ['NETWORK_ADDRESS'], inNetwork: true },
  { name: 'GATEWAY', from: ['GATEWAY'], inNetwork: true },
  { name: 'DNS', from: ['DNS'], inNetwork: true },
  { name: 'SEARCH_DOMAIN', from: ['SEARCH_DOMAIN'], inNetwork: true },
  { name: 'MTU', from: ['GUEST_MTU'], inNetwork: true },
  { name: 'METRIC', from: ['METRIC'], inNetwork: true },
  { name: 'METHOD', from: ['METHOD'], inNetwork: true },
  { name: 'VLAN_ID', from: ['VLAN_ID'], inNetwork: true },
  { name: 'VROUTER_IP', from: ['VROUTER_IP'] },
  { name: 'VROUTER_MANAGEMENT', from: ['VROUTER_MANAGEMENT'] },
  { name: 'EXTERNAL', from: ['EXTERNAL'] },
  { name: 'ROUTES', from: ['ROUTES'], inNetwork: true },
  { name: 'IP6', from: ['IP6_GLOBAL', 'IP6'] },
  { name: 'IP6_ULA', from: ['IP6_ULA'] },
  { name: 'IP6_GATEWAY', from: ['GATEWAY6'], inNetwork: true },
  { name: 'IP6_METRIC', from: ['IP6_METRIC'], inNetwork: true },
  { name: 'IP6_METHOD', from: ['IP6_METHOD'], inNetwork: true },
  { name: 'IP6_PREFIX_LENGTH', from: ['PREFIX_LENGTH'], inNetwork: true },
  { name: 'VROUTER_IP6', from: ['VROUTER_IP6_GLOBAL', 'VROUTER_IP6'] },
];

/**
 * The section as the VM keeps it: without variables, with those of its NICs, and of the router that it belongs to.
 * @throws InvalidTemplate for variables that cannot be read, and for a token of OneGate, which this front-end has not
 */
export function contextOf(given: Vector, nics: readonly Vector[], sources: VariableSources, known: Files): Vector {
  if (isYes(given.TOKEN)) throw new InvalidTemplate('TOKEN set, but onegate endpoint was not defined in oned.conf.');
  const { FILES_DS, ...others } = given;
  // oned reads the section as one text.
  const names = Object.keys(others).sort();
  if (names.length > 0) checkVariables(names.map((name) => `${name}=${others[name]}`).join('@^_^@'));
  const filled = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, substitute(value, sources)]));
  const files = FILES_DS ? contextFilesOf(FILES_DS, known) : '';
  const ofRouter = routerContext(sources.vm.template);
  return {
    ...filled,
    ...networkContext(filled, nics, sources),
    ...(files === '' ? {} : { FILES_DS: files }),
    ...ofRouter,
  };
}

/** Variables of all NICs, also of those that no network was chosen for; none when the context does not ask for them. */
export function networkContext(
  context: Vector,
  nics: readonly Vector[],
  sources: Pick<VariableSources, 'network'>,
): Vector {
  if (!isYes(context.NETWORK)) return {};
  return Object.fromEntries(nics.flatMap((nic) => variablesOf(nic, sources)));
}

function variablesOf(nic: Vector, sources: Pick<VariableSources, 'network'>): [name: string, value: string][] {
  const prefix = contextPrefix(nic);
  return NETWORK_VARIABLES.map(({ name, from, inNetwork }) => {
    const own = from.map((attribute) => nic[attribute]).find(Boolean);
    const value = own || (inNetwork && nic.NETWORK_ID && lookUp(nic, from[0] ?? '', sources)) || '';
    return [prefix + name, value];
  });
}

function lookUp(nic: Vector, attribute: string, sources: Pick<VariableSources, 'network'>): string | undefined {
  if (nic.AR_ID === undefined) return undefined;
  return sources.network(Number(nic.NETWORK_ID), Number(nic.AR_ID), attribute);
}

/** Files that go with the context: FILES as given, and those of FILES_DS, `path:name`. */
export function contextFiles(context: Vector): string[] {
  const files = `${context.FILES ?? ''} ${context.FILES_DS ?? ''}`.match(/(?:'[^']*'|[^\s'])+/g) ?? [];
  return files.map((file) => file.replaceAll("'", ''));
}
