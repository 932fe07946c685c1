/**
 * The http marketplace: files of images in a folder of the front-end, PUBLIC_DIR, which a web server of yours shows at
 * BASE_URL, as OpenNebula's own driver of that name keeps them.
 */
import type { MarketDriver } from '../../contract/families.ts';
import { deleteApp } from './delete.ts';
import { importApp } from './import.ts';
import { monitor } from './monitor.ts';

export const http = { import: importApp, delete: deleteApp, monitor } satisfies MarketDriver;
