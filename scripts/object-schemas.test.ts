import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { harmsOf } from '@shop/testing/object-schema'
import { describe, expect, it } from 'vitest'

const WORKERS = fileURLToPath(new URL('../workers', import.meta.url))
const files = readdirSync(WORKERS, { recursive: true, encoding: 'utf8' }).filter((file) => /\/src\/.*\.ts$/.test(file))
const textOf = (file: string) => readFileSync(join(WORKERS, file), 'utf8')
const withTables = files.filter((file) => textOf(file).includes('CREATE TABLE'))

describe('the tables of Durable Objects', () => {
  it('are kept as steps', () => {
    expect(withTables).toContain('catalog/src/stock/object/tables.ts')
    for (const file of withTables) expect(textOf(file)).toMatch(/export const STEPS = \[/)
  })

  it.each(withTables)('of %s change by steps that the version before survives, as after a rollback', async (file) => {
    const { STEPS } = (await import(join(WORKERS, file))) as { STEPS: string[] }
    const [, ...later] = STEPS
    expect(later.flatMap(harmsOf)).toEqual([])
  })

  it('are written so that columns of a newer version keep their values', () => {
    const replacing = files.filter((file) => /\b(?:INSERT OR REPLACE|REPLACE INTO)\b/i.test(textOf(file)))
    expect(replacing).toEqual([])
  })
})

describe('a step', () => {
  it.each([
    'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)',
    'CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY); CREATE UNIQUE INDEX notes_id ON notes (id)',
    'CREATE TABLE notes (id INTEGER); INSERT INTO notes SELECT 1 FROM holds; UPDATE notes SET id = 2',
    'ALTER TABLE holds ADD COLUMN channel TEXT',
    "ALTER TABLE holds ADD COLUMN channel TEXT NOT NULL DEFAULT 'web'",
    'CREATE INDEX holds_channel ON holds (channel)',
    `CREATE TABLE notes (id INTEGER);
     CREATE TRIGGER notes_kept BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'kept'); END;`,
    '-- contract: nothing reads the channel any more\nALTER TABLE holds DROP COLUMN channel',
  ])('may do this: %s', (step) => {
    expect(harmsOf(step)).toEqual([])
  })

  it.each([
    ['ALTER TABLE holds ADD COLUMN channel TEXT NOT NULL', 'older code inserts rows without it'],
    ['ALTER TABLE holds ADD COLUMN channel TEXT UNIQUE', 'as above'],
    ['ALTER TABLE holds DROP COLUMN state', 'older code reads it'],
    ['ALTER TABLE holds RENAME TO reservations', 'older code reads it'],
    ['DROP TABLE sales', 'older code reads it'],
    ['DROP INDEX holds_expiring; CREATE TABLE notes (id INTEGER)', 'older code may rely on it'],
    ['CREATE UNIQUE INDEX one_hold ON holds (quantity)', 'older code may write two'],
    ['CREATE TRIGGER kept BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 1); END', 'older code deletes'],
    ["UPDATE holds SET state = 'gone'", 'older code does not know the state'],
    ['DELETE FROM sales', 'older code reads them'],
    ['-- contract:\nDROP TABLE sales', 'a contract says why'],
  ])('may not do this: %s (%s)', (step) => {
    expect(harmsOf(step)).toHaveLength(1)
  })
})
