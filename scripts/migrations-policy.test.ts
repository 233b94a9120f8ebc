import { describe, expect, it } from 'vitest'
import type { LiveDatabase } from './migrations-harm.ts'
import { databaseAfter, judge, type Migration, readMigrations } from './migrations-policy.ts'

const migration = (sql: string, tag = '0007_next'): Migration => ({ tag, when: 7, sql })
const LIVE = databaseAfter([
  migration(
    'CREATE TABLE "o"."o" (\n\t"a" text,\n\tCONSTRAINT "o_pk" PRIMARY KEY("a"),\n\tCONSTRAINT "o_check" CHECK (true)\n);' +
      '--> statement-breakpoint\nCREATE UNIQUE INDEX "o_once" ON "o"."o" ("a");' +
      '--> statement-breakpoint\nCREATE INDEX "o_fast" ON "o"."o" ("a");',
  ),
])
const problemsOf = (sql: string, live: Partial<LiveDatabase> = {}) =>
  judge([migration(sql)], { ...LIVE, ...live }).problems

describe('what may be applied while the code of before is serving', () => {
  it.each([
    ['a new table', 'CREATE TABLE "orders"."events" (\n\t"id" bigint PRIMARY KEY NOT NULL\n);'],
    ['a new column that may be empty', 'ALTER TABLE "orders"."orders" ADD COLUMN "note" text;'],
    ['a new column with a default', 'ALTER TABLE "orders"."orders" ADD COLUMN "note" text DEFAULT \'\' NOT NULL;'],
    ['a new index', 'CREATE INDEX "orders_note" ON "orders"."orders" USING btree ("note");'],
    ['a wider type', 'ALTER TABLE "orders"."orders" ALTER COLUMN "total" SET DATA TYPE bigint;'],
    ['a column that may now be empty', 'ALTER TABLE "orders"."orders" ALTER COLUMN "note" DROP NOT NULL;'],
    [
      'a check made anew',
      'ALTER TABLE "o"."o" DROP CONSTRAINT "c";--> statement-breakpoint\nALTER TABLE "o"."o" ADD CONSTRAINT "c" CHECK (true);',
    ],
    ['an index less', 'DROP INDEX "o"."o_fast";'],
    ['a check less', 'ALTER TABLE "o"."o" DROP CONSTRAINT "o_check";'],
    ['a right that is given', 'GRANT SELECT ON orders.events TO orders_service;'],
    ['data filled in', 'UPDATE "orders"."orders" SET "note" = \'\' WHERE "note" IS NULL;'],
    [
      'a column that must be filled and has a default',
      'ALTER TABLE "o"."o" ALTER COLUMN "n" SET DEFAULT 0;--> statement-breakpoint\nALTER TABLE "o"."o" ALTER COLUMN "n" SET NOT NULL;',
    ],
    [
      'a new table that is append-only',
      'CREATE TABLE "payments"."ledger" (\n\t"id" bigint NOT NULL\n);\n--> statement-breakpoint\nREVOKE UPDATE, DELETE ON payments.ledger FROM payments_service;',
    ],
    ['a dropped thing that a comment speaks of', '-- DROP TABLE "orders"."orders";\nSELECT 1;'],
  ])('lets %s pass', (_what, sql) => {
    expect(problemsOf(sql)).toEqual([])
  })

  it.each([
    ['a table', 'DROP TABLE "orders"."orders" CASCADE;'],
    ['a schema', 'DROP SCHEMA "orders";'],
    ['a column', 'ALTER TABLE "orders"."orders" DROP COLUMN "note";'],
    ['a column, in lower case and over lines', 'alter table orders.orders\n  drop column note;'],
    ['the name of a table', 'ALTER TABLE "orders"."orders" RENAME TO "sales";'],
    ['the name of a column', 'ALTER TABLE "orders"."orders" RENAME COLUMN "note" TO "remark";'],
    ['the name of an enum’s value', "ALTER TYPE orders.state RENAME VALUE 'a' TO 'b';"],
    ['room in a type', 'ALTER TABLE "orders"."orders" ALTER COLUMN "total" SET DATA TYPE integer;'],
    ['the freedom to leave a column empty', 'ALTER TABLE "orders"."orders" ALTER COLUMN "note" SET NOT NULL;'],
    ['a default', 'ALTER TABLE "orders"."orders" ALTER COLUMN "note" DROP DEFAULT;'],
    ['inserts that do not know a column', 'ALTER TABLE "orders"."orders" ADD COLUMN "note" text NOT NULL;'],
    ['a right', 'REVOKE UPDATE ON payments.payments FROM payments_service;'],
    ['a column beside a check', 'ALTER TABLE "o"."o" DROP CONSTRAINT "o_check", DROP COLUMN "a";'],
    ['a column in few words', 'ALTER TABLE o.o DROP a;'],
    ['a table in a block', 'DO $$ BEGIN DROP TABLE o.o; END $$;'],
    ['a unique index', 'DROP INDEX "o"."o_once";'],
    ['a unique constraint', 'ALTER TABLE "o"."o" DROP CONSTRAINT "o_pk";'],
    ['all rows', 'TRUNCATE orders.orders;'],
    ['the second of two statements’ column', 'SELECT 1;\nALTER TABLE a.b DROP COLUMN c;'],
  ])('refuses to take away %s', (_what, sql) => {
    expect(problemsOf(sql)).toEqual([expect.stringContaining('0007_next')])
  })

  it('lets a deployment change what it creates itself', () => {
    const create = migration('CREATE TABLE "orders"."events" (\n\t"id" bigint\n);', '0007_events')
    const alter = migration('ALTER TABLE "orders"."events" ADD COLUMN "kind" text NOT NULL;', '0008_kind')
    expect(judge([create, alter], LIVE).problems).toEqual([])
    expect(judge([alter], LIVE).problems).toHaveLength(1)
  })
})

describe('an index on a large table', () => {
  const sql = 'CREATE INDEX IF NOT EXISTS "orders_note" ON "orders"."orders" USING btree ("note");'
  const bigTables = new Set(['orders.orders'])

  it('is refused, since building it would lock the table', () => {
    expect(problemsOf(sql, { bigTables })).toEqual([expect.stringContaining('CONCURRENTLY')])
  })

  it('passes once it has been built by hand', () => {
    expect(problemsOf(sql, { bigTables, indexes: new Set(['orders_note']) })).toEqual([])
  })

  it('passes on another table', () => {
    expect(problemsOf(sql, { bigTables: new Set(['orders.order_lines']) })).toEqual([])
  })
})

describe('a contracting migration', () => {
  const contract = migration(
    '-- contract: nothing reads the note\nALTER TABLE "o"."o" DROP COLUMN "note";',
    '0008_no_note',
  )

  it('may take away, in a deployment of its own', () => {
    expect(judge([contract], LIVE)).toEqual({ phase: 'contract', problems: [] })
  })

  it('is refused beside one that adds', () => {
    const adds = migration('ALTER TABLE "o"."o" ADD COLUMN "b" text;')
    expect(judge([adds, contract], LIVE).problems).toEqual(['0008_no_note must be deployed without 0007_next'])
  })

  it('gives its reason', () => {
    const silent = migration('-- contract:\nALTER TABLE "o"."o" DROP COLUMN "note";')
    expect(judge([silent], LIVE)).toMatchObject({ phase: 'expand', problems: [expect.stringContaining('0007_next')] })
  })
})

it('finds every migration of the repository', () => {
  const migrations = readMigrations()
  expect(migrations.length).toBeGreaterThanOrEqual(2)
  expect(migrations.map(({ when }) => when)).toEqual(migrations.map(({ when }) => when).toSorted((a, b) => a - b))
})
