/**
 * A document as a tree of objects, for `-j` and `-y`. All values are strings, an empty element is an empty object,
 * repeated elements are an array, a single one an object or a string. OpenNebula's commands make arrays of some single
 * ones too, from the maxOccurs in their XML schemas (share/doc/xsd, 7.4); which ones those are is listed here.
 */
import type { Node } from '../../document.ts';

export type Tree = string | TreeObject | Tree[];

export interface TreeObject {
  [name: string]: Tree;
}

/** `{ VM: { ID: '7', … } }` */
export function documentTree(document: Node): TreeObject {
  return { [document.name]: treeOf(document, document.name) };
}

/** Paths of elements that are arrays even when there is one. */
const ALWAYS_ARRAYS = new Set([
  'VM/MONITORING/DISK_SIZE',
  'VM/TEMPLATE/DISK',
  'VM/TEMPLATE/NIC',
  'VM/TEMPLATE/NIC_ALIAS',
  'VM/TEMPLATE/PCI',
  'VM/TEMPLATE/SECURITY_GROUP_RULE',
  'VM/TEMPLATE/SNAPSHOT',
  'VM/TEMPLATE/SCHED_ACTION',
  'VM/SNAPSHOTS',
  'VM/SNAPSHOTS/SNAPSHOT',
  'VM_POOL/VM',
  'VM_POOL/VM/TEMPLATE/DISK',
  'VM_POOL/VM/TEMPLATE/NIC',
  'HOST/HOST_SHARE/DATASTORES/DS',
  'HOST/MONITORING/NUMA_NODE',
  'HOST/MONITORING/NUMA_NODE/HUGEPAGE',
  'HOST_POOL/HOST/HOST_SHARE/DATASTORES/DS',
  'HOST_POOL/HOST/MONITORING/NUMA_NODE',
  'HOST_POOL/HOST/MONITORING/NUMA_NODE/HUGEPAGE',
  'IMAGE/SNAPSHOTS/SNAPSHOT',
  'IMAGE_POOL/IMAGE/SNAPSHOTS/SNAPSHOT',
  'VNET_POOL/VNET',
  'USER/LOGIN_TOKEN',
  'GROUP/VLAN_RULES/RULE',
  'ACL_POOL/ACL',
  'ZONE_POOL/ZONE',
  'SECURITY_GROUP/TEMPLATE/RULE',
  'SECURITY_GROUP_POOL/SECURITY_GROUP/TEMPLATE/RULE',
]);

function treeOf(node: Node, path: string): Tree {
  if (node.children.length === 0) return node.hasText ? node.text : {};
  const byName = new Map<string, Tree[]>();
  for (const child of node.children) {
    const value = treeOf(child, `${path}/${child.name}`);
    const values = byName.get(child.name);
    if (values) values.push(value);
    else byName.set(child.name, [value]);
  }
  return Object.fromEntries(
    [...byName].map(([name, values]) => {
      const [value, ...others] = values;
      const isOne = value !== undefined && others.length === 0 && !ALWAYS_ARRAYS.has(`${path}/${name}`);
      return [name, isOne ? value : values];
    }),
  );
}
