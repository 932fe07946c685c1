/** All figures, in the order in which they are taken and shown. */
import type { Figure } from '../figure.ts';
import { vmInfo, vmPoolInfo } from './api-calls.ts';
import { dummyVms } from './dummy-vms.ts';

export const FIGURES: readonly Figure[] = [vmInfo, vmPoolInfo, dummyVms];
