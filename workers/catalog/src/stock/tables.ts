const TABLES = `
  CREATE TABLE IF NOT EXISTS level (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    on_hand INTEGER NOT NULL,
    held INTEGER NOT NULL CHECK (held BETWEEN 0 AND on_hand),
    sequence INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS projection (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    due_at INTEGER,
    failures INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS holds (
    hold_id TEXT PRIMARY KEY,
    quantity INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'released', 'expired')),
    ended_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS holds_expiring ON holds (expires_at) WHERE state = 'live';
  CREATE INDEX IF NOT EXISTS holds_ended ON holds (ended_at) WHERE ended_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS sales (
    hold_id TEXT PRIMARY KEY,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('sold', 'returned', 'refused')),
    available INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS adjustments (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('adjust', 'set', 'open', 'return')),
    requested INTEGER NOT NULL,
    delta INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
`

/** The object's tables; instants are milliseconds since 1970. Safe to run on every start. */
export function createTables(sql: SqlStorage): void {
  sql.exec(TABLES)
}
