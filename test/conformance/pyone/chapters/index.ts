/** All that is called through pyone, in the order in which it is. */
import type { Chapter } from '../step.ts';
import { acl } from './acl.ts';
import { devices } from './devices.ts';
import { hooks } from './hooks.ts';
import { hosts } from './hosts.ts';
import { listedOnly } from './listed-only.ts';
import { machines } from './machines.ts';
import { markets } from './markets.ts';
import { networkTemplates } from './network-templates.ts';
import { networks } from './networks.ts';
import { routers } from './routers.ts';
import { storage } from './storage.ts';
import { system } from './system.ts';
import { templates } from './templates.ts';
import { unsupported } from './unsupported.ts';
import { users } from './users.ts';
import { vdcs } from './vdcs.ts';
import { vmGroups } from './vm-groups.ts';

export const CHAPTERS: readonly Chapter[] = [
  system,
  users,
  acl,
  hosts,
  storage,
  networks,
  networkTemplates,
  templates,
  machines,
  devices,
  routers,
  vmGroups,
  vdcs,
  markets,
  hooks,
  listedOnly,
  unsupported,
];
