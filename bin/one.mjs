#!/usr/bin/env node
/** The one* commands: each is this file under its own name. */
import { launch } from './bootstrap/launch.mjs';

await launch('one', process.argv.slice(2));
