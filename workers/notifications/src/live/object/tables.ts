/**
 * The steps of the object's tables, for `migrateObject`; instants are milliseconds since the epoch.
 *
 * `topics`: those that somebody listens to here. `closed_at` is null while a connection is open, and `pruned_to` the number up to
 * which messages of the topic may be missing. `followers`: where else somebody listens to this object's own topic.
 */
export const STEPS = [
  `CREATE TABLE numbers (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL
  );
  CREATE TABLE topics (
    topic TEXT PRIMARY KEY,
    is_followed INTEGER NOT NULL,
    position INTEGER NOT NULL,
    pruned_to INTEGER NOT NULL,
    closed_at INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE messages (
    number INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE INDEX messages_age ON messages (at);
  CREATE TABLE followers (home TEXT PRIMARY KEY) WITHOUT ROWID;`,
]
