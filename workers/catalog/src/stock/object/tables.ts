/** The steps of the object's tables, for `migrateObject`; instants are milliseconds since the epoch. */
export const STEPS = [
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

  // What was held at those times is unknown.
  `-- contract: the ledger replaces the adjustments, before any shop was live
  CREATE TABLE ledger (
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

  // Older code keeps `held BETWEEN 0 AND on_hand`, so what is missing on hand has a column of its own.
  'ALTER TABLE level ADD COLUMN oversold INTEGER NOT NULL DEFAULT 0',

  // Older code adds nothing to it: what is sold while it runs is not counted.
  'ALTER TABLE level ADD COLUMN sold INTEGER NOT NULL DEFAULT 0',
]
