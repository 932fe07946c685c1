import { parse, type SemVer } from 'semver';
import { STACK_ENGINE_VERSION } from '../../src/sandbox/doctor/stack-engine.ts';

export const ENGINE_VERSION = parse(STACK_ENGINE_VERSION) as SemVer;
