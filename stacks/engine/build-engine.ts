/**
 * Builds Pulumi's engine where its download cannot be reached but the Go module proxy can: a module that does nothing
 * but require Pulumi's command. Takes some minutes, once.
 */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineRoot } from '../../src/sandbox/doctor/stack-engine.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { ENGINE_VERSION } from './engine-version.ts';

/** Told what takes time. */
export type EngineProgress = (line: string) => void;

const COMMAND = 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi';
const VERSION_VARIABLE = 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version';
const BUILD_MINUTES = 20;

/** Pulumi's own go.mod replaces this module; a module that requires Pulumi has to do the same. */
const CLIPBOARD = 'github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e';

const GO_MOD = `module onedock/pulumi-engine

go 1.24

require github.com/pulumi/pulumi/pkg/v3 v${ENGINE_VERSION}

replace github.com/atotto/clipboard => ${CLIPBOARD}
`;

const MAIN_GO = `package main

import _ "${COMMAND}"

func main() {}
`;

/** @throws COMMAND_FAILED, as when there is no Go */
export async function buildEngine(progress: EngineProgress): Promise<void> {
  await using local = new LocalTransport();
  await local.run(['go', 'version']);
  progress(`building Pulumi ${ENGINE_VERSION} with Go: some minutes, once`);
  const module = await mkdtemp(join(tmpdir(), 'onedock-pulumi-'));
  try {
    await writeFile(join(module, 'go.mod'), GO_MOD);
    await writeFile(join(module, 'main.go'), MAIN_GO);
    const go = { cwd: module, env: { CGO_ENABLED: '0' }, timeoutSeconds: BUILD_MINUTES * 60 };
    await local.run(['go', 'mod', 'tidy'], go);
    const flags = `-s -w -X ${VERSION_VARIABLE}=v${ENGINE_VERSION}`;
    await local.run(['go', 'build', '-ldflags', flags, '-o', join(module, 'pulumi'), COMMAND], go);
    const folder = join(engineRoot(), 'bin');
    await mkdir(folder, { recursive: true });
    // Renamed into place, so that a build which is interrupted leaves no half engine.
    await local.run(['install', '-m', '755', join(module, 'pulumi'), join(folder, 'pulumi.new')]);
    await rename(join(folder, 'pulumi.new'), join(folder, 'pulumi'));
  } finally {
    await rm(module, { recursive: true, force: true });
  }
}
