/**
 * The migrations of the object's tables; instants are milliseconds since the epoch. An object starts with the tables of
 * the version that ran it last and applies the missing migrations, so a deployed migration is never edited.
 */
const MIGRATIONS = [
  `CREATE TABLE IF NOT EXISTS level (
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
  ) WITHOUT ROWID;`,

  // Replaces adjustments and sales by one ledger. What was held at those times is unknown.
  `CREATE TABLE ledger (
    entry INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    requested INTEGER NOT NULL,
    delta INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,
    held INTEGER NOT NULL,
    note TEXT,
    actor TEXT,
    at INTEGER NOT NULL
  );
  INSERT INTO ledger (key, reason, requested, delta, on_hand, held, note, at)
    SELECT key, reason, requested, delta, sum(delta) OVER (ORDER BY at, rank, key), 0, note, at FROM (
      SELECT key, requested, delta, at, CASE kind WHEN 'return' THEN 2 ELSE 0 END AS rank,
        CASE kind WHEN 'open' THEN 'opening' WHEN 'set' THEN 'set' WHEN 'return' THEN 'undo' ELSE 'correct' END AS reason,
        CASE kind WHEN 'adjust' THEN reason END AS note
      FROM adjustments
      UNION ALL
      SELECT 'commit:' || hold_id, quantity, -quantity, at, 1, 'commit', NULL
      FROM sales WHERE outcome IN ('sold', 'returned')
    ) ORDER BY at, rank, key;
  DROP TABLE adjustments;
  CREATE INDEX ledger_set ON ledger (reason) WHERE reason = 'set';
  CREATE TRIGGER ledger_unchanged BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER ledger_kept BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TABLE low_stock_watch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    threshold INTEGER,
    version INTEGER NOT NULL
  );
  CREATE TABLE low_stock (
    sequence INTEGER PRIMARY KEY,
    available INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    at INTEGER NOT NULL
  );`,
]

/** Applies the missing migrations, all or none. */
export function migrateTables(storage: DurableObjectStorage): void {
  const { sql } = storage
  sql.exec(
    'CREATE TABLE IF NOT EXISTS schema_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL)',
  )
  const [row] = sql.exec<{ version: number }>('SELECT version FROM schema_version').toArray()
  const missing = MIGRATIONS.slice(row?.version ?? 0)
  if (missing.length === 0) return
  storage.transactionSync(() => {
    for (const migration of missing) sql.exec(migration)
    sql.exec('INSERT OR REPLACE INTO schema_version (id, version) VALUES (1, ?)', MIGRATIONS.length)
  })
}
