#!/usr/bin/env node
import { launch } from './bootstrap/launch.mjs';

await launch('onedock', process.argv.slice(2));
