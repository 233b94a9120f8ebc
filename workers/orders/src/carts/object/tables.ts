/** The steps of the object's tables, for `migrateObject`; instants are milliseconds since the epoch. */
export const STEPS = [
  // A key with a subject is kept as long as the cart; one without only says that a change was made.
  `CREATE TABLE cart (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    body TEXT NOT NULL
  );
  CREATE TABLE request_keys (
    key TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    subject TEXT,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX request_keys_old ON request_keys (at) WHERE subject IS NULL;`,
]
