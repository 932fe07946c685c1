/** All verbs, in the order in which help lists them. */
import type { AnyCommand } from './command.ts';
import { bench } from './verbs/bench.ts';
import { consoleOfVm } from './verbs/console.ts';
import { doctor } from './verbs/doctor.ts';
import { down } from './verbs/down.ts';
import { env } from './verbs/env.ts';
import { exec } from './verbs/exec.ts';
import { frontend } from './verbs/frontend.ts';
import { hostAdd } from './verbs/host-add.ts';
import { hostCheck } from './verbs/host-check.ts';
import { hostPrepare } from './verbs/host-prepare.ts';
import { hostRelease } from './verbs/host-release.ts';
import { hostRm } from './verbs/host-rm.ts';
import { imageExport } from './verbs/image-export.ts';
import { imageLoad } from './verbs/image-load.ts';
import { install } from './verbs/install.ts';
import { logs } from './verbs/logs.ts';
import { one } from './verbs/one.ts';
import { selfTest } from './verbs/self-test.ts';
import { ssh } from './verbs/ssh.ts';
import { status } from './verbs/status.ts';
import { test } from './verbs/test.ts';
import { uninstall } from './verbs/uninstall.ts';
import { up } from './verbs/up.ts';

export const COMMANDS: readonly AnyCommand[] = [
  up,
  down,
  status,
  one,
  env,
  ssh,
  exec,
  consoleOfVm,
  logs,
  imageLoad,
  imageExport,
  hostAdd,
  hostRm,
  frontend,
  install,
  uninstall,
  hostPrepare,
  hostCheck,
  hostRelease,
  test,
  doctor,
  selfTest,
  bench,
];
