/** The first schema: one row of JSON per object, ids given out, relations, leases and monitoring samples. */
const KINDS = [
  'vm',
  'host',
  'image',
  'datastore',
  'vnet',
  'template',
  'user',
  'group',
  'cluster',
  'acl',
  'zone',
  'secgroup',
  'document',
  'vdc',
  'marketplace',
  'marketapp',
  'vrouter',
  'vmgroup',
  'vntemplate',
  'backupjob',
  'hook',
];

export const objects = {
  version: 1,
  sql: `
    ${KINDS.map((kind) => `CREATE TABLE "${kind}" (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;`).join('\n')}
    CREATE TABLE counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE setting (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE link (
      relation TEXT NOT NULL, of_id INTEGER NOT NULL, to_id INTEGER NOT NULL,
      PRIMARY KEY (relation, of_id, to_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE lease (
      vnet INTEGER NOT NULL, range INTEGER NOT NULL, "index" INTEGER NOT NULL,
      owner_kind TEXT NOT NULL, owner_id INTEGER NOT NULL,
      PRIMARY KEY (vnet, range, "index")
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE monitoring (
      kind TEXT NOT NULL, id INTEGER NOT NULL, time INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (kind, id, time)
    ) STRICT, WITHOUT ROWID;
  `,
};
