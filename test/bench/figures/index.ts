/** All figures, in the order in which they are taken and shown. */
import type { Figure } from '../figure.ts';
import { vmInfo, vmPoolInfo } from './api-calls.ts';
import { dummyVms } from './dummy-vms.ts';
import { down, hostAdd, up, upAgain } from './sandbox.ts';
import { vmCreate, vmsAtOnce, vmTerminate } from './vm.ts';

export const FIGURES: readonly Figure[] = [
  up,
  upAgain,
  down,
  hostAdd,
  vmCreate,
  vmTerminate,
  vmsAtOnce,
  vmInfo,
  vmPoolInfo,
  dummyVms,
];
