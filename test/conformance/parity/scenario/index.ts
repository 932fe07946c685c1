/** The scenario, in the order in which it was recorded. */
import { defaults } from './defaults.ts';
import { hosts } from './hosts.ts';
import { networks } from './networks.ts';
import { ownership } from './ownership.ts';
import { refusals } from './refusals.ts';
import type { ScenarioStep } from './step.ts';
import { storage } from './storage.ts';
import { templates } from './templates.ts';
import { usersAndGroups } from './users-and-groups.ts';
import { virtualMachines } from './virtual-machines.ts';

export const SCENARIO: readonly ScenarioStep[] = [
  ...defaults,
  ...usersAndGroups,
  ...hosts,
  ...storage,
  ...networks,
  ...templates,
  ...virtualMachines,
  ...ownership,
  ...refusals,
];
