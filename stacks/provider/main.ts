/** The plugin's process: `pulumi-resource-onedock`, which Pulumi finds on PATH and talks to over gRPC. */
import { provider } from '@pulumi/pulumi';
import { allowImportWithoutState } from './import-without-state.ts';
import { OnedockProvider } from './provider.ts';
import { RESOURCES } from './table.ts';
import { providerVersion } from './version.ts';

allowImportWithoutState();
await provider.main(new OnedockProvider(await providerVersion(), RESOURCES), process.argv.slice(2));
