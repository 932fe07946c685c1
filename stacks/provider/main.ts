/** The plugin's process: `pulumi-resource-onedock`, which Pulumi finds on PATH and talks to over gRPC. */
import { provider } from '@pulumi/pulumi';
import { endWithEngine } from './end-with-engine.ts';
import { allowImportWithoutState } from './import-without-state.ts';
import { OnedockProvider } from './provider.ts';
import { RESOURCES } from './table.ts';
import { providerVersion } from './version.ts';

const args = process.argv.slice(2);
allowImportWithoutState();
endWithEngine(args);
await provider.main(new OnedockProvider(await providerVersion(), RESOURCES), args);
