/** All calls of the API that the client knows, under OpenNebula's own names: `one.<group>.<method>`. */
import * as infrastructure from './infrastructure.ts';
import * as markets from './markets.ts';
import * as services from './services.ts';
import * as storage from './storage.ts';
import * as users from './users.ts';
import * as machines from './vm.ts';

export const CALLS = { ...machines, ...storage, ...infrastructure, ...users, ...services, ...markets };

export type Calls = typeof CALLS;
