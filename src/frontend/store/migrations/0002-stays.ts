/** What a VM was in each of its stays, for accounting. Stays from before have no row. */
export const stays = {
  version: 2,
  sql: `
    CREATE TABLE stay (
      vm INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (vm, seq)
    ) STRICT;
  `,
};
