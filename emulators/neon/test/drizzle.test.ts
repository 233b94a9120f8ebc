import { neon, neonConfig } from '@neondatabase/serverless'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import { bigint, jsonb, pgSchema, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type NeonEmulator, startNeonEmulator } from '../src/server.ts'
import { type OpenBackend, openTemporaryPGlite, openTemporaryPostgres } from './support/engines.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

const app = pgSchema('app')
const items = app.table(
  'items',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    tags: text('tags').array().notNull(),
    data: jsonb('data').$type<{ colour: string }>(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [uniqueIndex('items_name').on(table.name)],
)

const SCHEMA = [
  'CREATE SCHEMA app',
  `CREATE TABLE app.items (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text NOT NULL,
    tags text[] NOT NULL, data jsonb, created_at timestamptz NOT NULL)`,
  'CREATE UNIQUE INDEX items_name ON app.items (name)',
]

describe.each([
  ['pglite', openTemporaryPGlite],
  ['embedded', () => openTemporaryPostgres('login')],
] as const)('drizzle-orm/neon-http on %s', (_, open) => {
  let opened: OpenBackend
  let server: NeonEmulator
  let db: ReturnType<typeof drizzle>

  beforeAll(async () => {
    opened = await open()
    server = await startNeonEmulator({ backend: opened.backend })
    const client = neon(server.connectionString('postgres'))
    for (const statement of SCHEMA) await client.query(statement)
    db = drizzle(client)
  })
  afterAll(async () => {
    await server.close()
    await opened.close()
  })

  const createdAt = new Date('2026-02-03T04:05:06.789Z')
  const item = (name: string) => ({ name, tags: ['a,b', '"c"'], data: { colour: 'grün' }, createdAt })

  it('writes and reads back every column type', async () => {
    const [written] = await db.insert(items).values(item('lamp')).returning()
    expect(written).toEqual({ id: expect.any(Number), ...item('lamp') })
    expect(await db.select().from(items).where(eq(items.name, 'lamp'))).toEqual([written])
  })

  it('puts SQLSTATE and constraint into the cause', async () => {
    await db.insert(items).values(item('chair'))
    await expect(db.insert(items).values(item('chair'))).rejects.toMatchObject({
      cause: { code: '23505', constraint: 'items_name' },
    })
  })

  it('answers a batch in one round trip', async () => {
    server.resetCounts()
    const [inserted, found] = await db.batch([
      db.insert(items).values(item('table')).returning({ name: items.name }),
      db.select({ name: items.name }).from(items).where(eq(items.name, 'table')),
    ])
    expect([inserted, found]).toEqual([[{ name: 'table' }], [{ name: 'table' }]])
    expect(server.counts()).toEqual({ roundTrips: 1 })
  })

  it('rolls back a batch that fails, with the SQLSTATE in the error itself', async () => {
    const batch = db.batch([db.insert(items).values(item('sofa')), db.insert(items).values(item('sofa'))])
    await expect(batch).rejects.toMatchObject({ code: '23505' })
    expect(await db.select().from(items).where(eq(items.name, 'sofa'))).toEqual([])
  })
})
