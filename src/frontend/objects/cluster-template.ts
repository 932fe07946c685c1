/** What a cluster's template may say of balancing loads (src/cluster/Cluster.cc post_update_template, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { Refusal } from './refusal.ts';

class InvalidClusterTemplate extends Refusal {
  override name = 'InvalidClusterTemplate';
}

const THRESHOLD = /^(-1|\d+(\.\d+)?)?$/;
const WEIGHT = /^(\d+(\.\d+)?)?$/;

/** Of ONE_DRS, in the order in which they are looked at. */
const DRS_ATTRIBUTES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['POLICY', /^(pack|balance)$/],
  ['AUTOMATION', /^(manual|partial|full)$/],
  ['MIGRATION_THRESHOLD', THRESHOLD],
  ['HOST_MIGRATION_THRESHOLD', THRESHOLD],
  ['DS_MIGRATION_THRESHOLD', THRESHOLD],
  ['CPU_USAGE_WEIGHT', WEIGHT],
  ['CPU_WEIGHT', WEIGHT],
  ['MEMORY_WEIGHT', WEIGHT],
  ['NET_WEIGHT', WEIGHT],
  ['DISK_WEIGHT', WEIGHT],
  ['PREDICTIVE', WEIGHT],
];

/** The template with its words in lower case. @throws InvalidClusterTemplate */
export function readClusterTemplate(given: Template): Template {
  const template = given.clone();
  const drs = template.vector('ONE_DRS');
  if (!drs) return template;
  for (const [name, pattern] of DRS_ATTRIBUTES) {
    const value = (drs[name] ?? '').trim().toLowerCase();
    if (!pattern.test(value)) {
      throw new InvalidClusterTemplate(`Error cluster template contains invalid ${name}`);
    }
    if (value !== '') drs[name] = value;
  }
  return template;
}
