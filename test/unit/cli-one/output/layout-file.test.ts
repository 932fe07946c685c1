import { describe, expect, it } from 'vitest';
import { applyLayoutFile } from '../../../../src/cli/one/output/layout-file.ts';
import { printTable, type Table } from '../../../../src/cli/one/output/table.ts';

const TABLE: Table<{ readonly name: string }> = {
  columns: [
    { title: 'ID', width: 4, cell: () => 7 },
    { title: 'NAME', width: 4, left: true, cell: ({ name }) => name },
  ],
  layouts: { own: ['NAME'] },
};

function applied(files: Readonly<Record<string, string>>) {
  return applyLayoutFile(TABLE, 'onevm', { env: { HOME: '/home/eve' }, readFile: (path) => files[path] });
}

const rows = [{ name: 'database' }];

describe('a layout file', () => {
  it("is the user's, else that for all users", async () => {
    const etc = { '/etc/one/cli/onevm.yaml': ':default:\n- :NAME\n' };
    const home = { '/home/eve/.one/cli/onevm.yaml': ':NAME:\n  :size: 6\n:default:\n- :NAME\n- :ID\n- :OTHER\n' };
    expect(printTable(await applied(etc), rows).rows).toEqual(['data']);
    expect(printTable(await applied({ ...etc, ...home }), rows).rows).toEqual(['databa    7']);
    expect(printTable(await applied({}), rows).rows).toEqual(['   7 data']);
  });

  it('names selections of columns', async () => {
    const table = await applied({ '/etc/one/cli/onevm.yaml': ':default_conf:\n  :short: [:ID]\n' });
    expect(printTable(table, rows, { layout: 'short' }).rows).toEqual(['   7']);
    expect(printTable(table, rows, { layout: 'own' }).rows).toEqual(['data']);
  });

  it.each(['- a', ':a: [', 'text'])('is refused when it is %j', async (source) => {
    await expect(applied({ '/etc/one/cli/onevm.yaml': source })).rejects.toThrow(
      '/etc/one/cli/onevm.yaml cannot be read',
    );
  });
});
