/** The plugin's process: `pulumi-resource-onedock`, which Pulumi finds on PATH and talks to over gRPC. */
import { readFileSync } from 'node:fs';
import { provider } from '@pulumi/pulumi';
import { OnedockProvider } from './provider.ts';
import { RESOURCES } from './table.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

await provider.main(new OnedockProvider(version, RESOURCES), process.argv.slice(2));
