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

describe('a migration while earlier code is live', () => {
  it.each([
    ['a new table', 'CREATE TABLE "orders"."events" (\n\t"id" bigint PRIMARY KEY NOT NULL\n);'],
    ['a new nullable column', 'ALTER TABLE "orders"."orders" ADD COLUMN "note" text;'],
    ['a new column with a default', 'ALTER TABLE "orders"."orders" ADD COLUMN "note" text DEFAULT \'\' NOT NULL;'],
    ['a new index', 'CREATE INDEX "orders_note" ON "orders"."orders" USING btree ("note");'],
    ['a wider type', 'ALTER TABLE "orders"."orders" ALTER COLUMN "total" SET DATA TYPE bigint;'],
    ['a column that becomes nullable', 'ALTER TABLE "orders"."orders" ALTER COLUMN "note" DROP NOT NULL;'],
    [
      'a replaced check',
      'ALTER TABLE "o"."o" DROP CONSTRAINT "c";--> statement-breakpoint\nALTER TABLE "o"."o" ADD CONSTRAINT "c" CHECK (true);',
    ],
    ['dropping a plain index', 'DROP INDEX "o"."o_fast";'],
    ['dropping a check', 'ALTER TABLE "o"."o" DROP CONSTRAINT "o_check";'],
    ['a grant', 'GRANT SELECT ON orders.events TO orders_service;'],
    ['filling in data', 'UPDATE "orders"."orders" SET "note" = \'\' WHERE "note" IS NULL;'],
    [
      'a NOT NULL column with a default',
      'ALTER TABLE "o"."o" ALTER COLUMN "n" SET DEFAULT 0;--> statement-breakpoint\nALTER TABLE "o"."o" ALTER COLUMN "n" SET NOT NULL;',
    ],
    [
      'a new append-only table',
      'CREATE TABLE "payments"."ledger" (\n\t"id" bigint NOT NULL\n);\n--> statement-breakpoint\nREVOKE UPDATE, DELETE ON payments.ledger FROM payments_service;',
    ],
    ['a DROP in a comment', '-- DROP TABLE "orders"."orders";\nSELECT 1;'],
  ])('allows %s', (_what, sql) => {
    expect(problemsOf(sql)).toEqual([])
  })

  it.each([
    ['dropping a table', 'DROP TABLE "orders"."orders" CASCADE;'],
    ['dropping a schema', 'DROP SCHEMA "orders";'],
    ['dropping a column', 'ALTER TABLE "orders"."orders" DROP COLUMN "note";'],
    ['dropping a column, in lower case and over several lines', 'alter table orders.orders\n  drop column note;'],
    ['renaming a table', 'ALTER TABLE "orders"."orders" RENAME TO "sales";'],
    ['renaming a column', 'ALTER TABLE "orders"."orders" RENAME COLUMN "note" TO "remark";'],
    ['renaming an enum value', "ALTER TYPE orders.state RENAME VALUE 'a' TO 'b';"],
    ['narrowing a type', 'ALTER TABLE "orders"."orders" ALTER COLUMN "total" SET DATA TYPE integer;'],
    ['NOT NULL on a column', 'ALTER TABLE "orders"."orders" ALTER COLUMN "note" SET NOT NULL;'],
    ['dropping a default', 'ALTER TABLE "orders"."orders" ALTER COLUMN "note" DROP DEFAULT;'],
    ['a new NOT NULL column without a default', 'ALTER TABLE "orders"."orders" ADD COLUMN "note" text NOT NULL;'],
    ['revoking a right', 'REVOKE UPDATE ON payments.payments FROM payments_service;'],
    ['dropping a column with a check', 'ALTER TABLE "o"."o" DROP CONSTRAINT "o_check", DROP COLUMN "a";'],
    ['dropping a column without the word COLUMN', 'ALTER TABLE o.o DROP a;'],
    ['dropping a table in a DO block', 'DO $$ BEGIN DROP TABLE o.o; END $$;'],
    ['dropping a unique index', 'DROP INDEX "o"."o_once";'],
    ['dropping a unique constraint', 'ALTER TABLE "o"."o" DROP CONSTRAINT "o_pk";'],
    ['truncating a table', 'TRUNCATE orders.orders;'],
    ['dropping a column in the second of two statements', 'SELECT 1;\nALTER TABLE a.b DROP COLUMN c;'],
  ])('refuses %s', (_what, sql) => {
    expect(problemsOf(sql)).toEqual([expect.stringContaining('0007_next')])
  })

  it('allows a deployment to change what it creates itself', () => {
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

  it('is allowed once it has been built by hand', () => {
    expect(problemsOf(sql, { bigTables, indexes: new Set(['orders_note']) })).toEqual([])
  })

  it('is allowed on another table', () => {
    expect(problemsOf(sql, { bigTables: new Set(['orders.order_lines']) })).toEqual([])
  })
})

describe('a contracting migration', () => {
  const contract = migration(
    '-- contract: nothing reads the note\nALTER TABLE "o"."o" DROP COLUMN "note";',
    '0008_no_note',
  )

  it('may remove something, in a separate deployment', () => {
    expect(judge([contract], LIVE)).toEqual({ phase: 'contract', problems: [] })
  })

  it('is refused together with an expanding one', () => {
    const adds = migration('ALTER TABLE "o"."o" ADD COLUMN "b" text;')
    expect(judge([adds, contract], LIVE).problems).toEqual(['0008_no_note must be deployed without 0007_next'])
  })

  it('must give its reason', () => {
    const silent = migration('-- contract:\nALTER TABLE "o"."o" DROP COLUMN "note";')
    expect(judge([silent], LIVE)).toMatchObject({ phase: 'expand', problems: [expect.stringContaining('0007_next')] })
  })
})

it('finds every migration of the repository', () => {
  const migrations = readMigrations()
  expect(migrations.length).toBeGreaterThanOrEqual(2)
  expect(migrations.map(({ when }) => when)).toEqual(migrations.map(({ when }) => when).toSorted((a, b) => a - b))
})
