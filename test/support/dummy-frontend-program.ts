/** `dummy-frontend-program.ts FILE SESSION`: prints the address of its API, and ends when its standard input does. */
import { InProcessDrivers } from '../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../src/drivers/services.ts';
import { driverTable } from '../../src/drivers/table.ts';
import { createFrontend } from '../../src/frontend/create-frontend.ts';
import { SqliteStore } from '../../src/frontend/store/sqlite-store.ts';

const [file = ':memory:', session = ''] = process.argv.slice(2);

await using frontend = await createFrontend({
  store: new SqliteStore(file),
  drivers: new InProcessDrivers(driverTable, openServices()),
  session,
  address: '127.0.0.1',
  port: 0,
});
process.stdout.write(`${frontend.url}\n`);
await process.stdin.resume().toArray();
