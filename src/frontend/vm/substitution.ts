/**
 * Variables in CONTEXT and SCHED_REQUIREMENTS: `$NAME`, `$VECTOR[ATTR]`, `$NETWORK[ATTR, NETWORK="net"]`
 * (src/parsers/vm_var_syntax.y, 7.4). An unknown one becomes empty.
 */
import type { Template } from '../../opennebula/template.ts';
import type { OwnedRecord } from '../objects/record.ts';
import { idsIn } from './nic.ts';

/** What variables can ask for besides the VM itself. */
export interface VariableSources {
  readonly vm: Pick<OwnedRecord, 'uid' | 'gid' | 'uname' | 'gname' | 'name'> & {
    readonly template: Template;
    readonly userTemplate: Template;
  };
  /** Documents as `$TEMPLATE` gives them, in base64. */
  readonly documents: {
    vm(): string;
    user(): string;
    image(id: number): string;
    network(id: number): string;
  };
  user(attribute: string): string | undefined;
  image(id: number, attribute: string): string | undefined;
  /** An address range's attribute goes before the network's. */
  network(id: number, rangeId: number, attribute: string): string | undefined;
}

const VARIABLE = /\\\$|\$(\w+)(?:\[\s*(\w+)\s*(?:,\s*(\w+)\s*=\s*(?:"([^"]*)"|(\w+))\s*)?\])?/g;

export function substitute(text: string, sources: VariableSources): string {
  if (!text.includes('$')) return text;
  return text.replace(
    VARIABLE,
    (match, name?: string, attribute?: string, key?: string, quoted?: string, word?: string) => {
      if (name === undefined) return match;
      if (attribute === undefined) return single(name.toUpperCase(), sources);
      const filter = key === undefined ? undefined : { key: key.toUpperCase(), value: quoted ?? word ?? '' };
      return inVector(name.toUpperCase(), attribute.toUpperCase(), filter, sources);
    },
  );
}

function single(name: string, { vm, documents }: VariableSources): string {
  const known: Readonly<Record<string, () => string>> = {
    TEMPLATE: () => documents.vm(),
    UID: () => String(vm.uid),
    UNAME: () => vm.uname,
    GID: () => String(vm.gid),
    GNAME: () => vm.gname,
    NAME: () => vm.name,
  };
  return known[name]?.() ?? (vm.template.get(name) || vm.userTemplate.get(name) || '');
}

interface Filter {
  readonly key: string;
  readonly value: string;
}

function inVector(name: string, attribute: string, filter: Filter | undefined, sources: VariableSources): string {
  const { template } = sources.vm;
  if (name === 'USER') return (attribute === 'TEMPLATE' ? sources.documents.user() : sources.user(attribute)) ?? '';
  if (name === 'IMAGE') return ofImage(attribute, filter, sources);
  if (name === 'NETWORK') return ofNetwork(attribute, filter, sources);
  const vectors = template.vectors(name);
  const vector = filter ? vectors.find((candidate) => candidate[filter.key] === filter.value) : vectors[0];
  return vector?.[attribute] ?? '';
}

/** Only images that the VM uses can be asked. */
function ofImage(attribute: string, filter: Filter | undefined, sources: VariableSources): string {
  if (!filter || !['IMAGE', 'IMAGE_ID'].includes(filter.key)) return '';
  const disk = sources.vm.template.vectors('DISK').find((candidate) => candidate[filter.key] === filter.value);
  const [id] = idsIn(disk?.IMAGE_ID);
  if (id === undefined) return '';
  return (attribute === 'TEMPLATE' ? sources.documents.image(id) : sources.image(id, attribute)) ?? '';
}

/** Only networks that the VM uses can be asked. */
function ofNetwork(attribute: string, filter: Filter | undefined, sources: VariableSources): string {
  if (!filter || !['NETWORK', 'NETWORK_ID', 'NIC_ID'].includes(filter.key)) return '';
  const { template } = sources.vm;
  const nics = [...template.vectors('NIC_ALIAS'), ...template.vectors('NIC')];
  const nic = nics.find((candidate) => candidate[filter.key] === filter.value);
  const [id] = idsIn(nic?.NETWORK_ID);
  const [rangeId] = idsIn(nic?.AR_ID);
  if (id === undefined || rangeId === undefined) return '';
  return (attribute === 'TEMPLATE' ? sources.documents.network(id) : sources.network(id, rangeId, attribute)) ?? '';
}
