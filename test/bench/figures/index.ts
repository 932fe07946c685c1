/** All figures, in the order in which they are taken and shown. */
import type { Figure } from '../figure.ts';
import { vmInfo, vmPoolInfo } from './api-calls.ts';
import { crowdAnswers, crowdAtRest, crowdFrontEnd, crowdMemory, crowdPass } from './density.ts';
import { dummyVms } from './dummy-vms.ts';
import { imageRegister } from './image.ts';
import { imageClone, imageWriteBack } from './image-store.ts';
import {
  cloudGrowth,
  cloudMemory,
  cloudRequests,
  cloudRestart,
  cloudStall,
  cloudTurn,
  cloudVmInfo,
  cloudVmPoolInfo,
  cloudVms,
} from './large-cloud.ts';
import { boot, down, frontEndMemory, hostAdd, sixteenHosts, thirtyTwoHosts, up, upAgain } from './sandbox.ts';
import { commandStart, frontEndStart } from './start-up.ts';
import { hundredUnderFaults, hundredVms, vmCreate, vmsAtOnce, vmTerminate } from './vm.ts';
import { vmActions } from './vm-actions.ts';

export const FIGURES: readonly Figure[] = [
  up,
  boot,
  upAgain,
  down,
  hostAdd,
  frontEndMemory,
  sixteenHosts,
  thirtyTwoHosts,
  commandStart,
  frontEndStart,
  vmCreate,
  vmTerminate,
  vmsAtOnce,
  hundredVms,
  hundredUnderFaults,
  ...vmActions,
  imageRegister,
  imageClone,
  imageWriteBack,
  crowdMemory,
  crowdAnswers,
  crowdAtRest,
  crowdPass,
  crowdFrontEnd,
  vmInfo,
  vmPoolInfo,
  dummyVms,
  cloudVms,
  cloudGrowth,
  cloudRequests,
  cloudVmInfo,
  cloudStall,
  cloudTurn,
  cloudMemory,
  cloudVmPoolInfo,
  cloudRestart,
];
