import { STORED_SERVICES } from '@shop/services'
import { type Service, type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlState } from '../src/errors.ts'

const SERVICES: Service[] = STORED_SERVICES.map(({ name }) => name)

let database: ServiceDatabase
beforeAll(async () => {
  database = await startDatabase()
})
afterAll(() => database.stop())

describe('the role of a service', () => {
  it.each(SERVICES)('reads every table of %s', async (service) => {
    const db = database.as(service)
    const tables = await db.execute<{ name: string }>(
      sql`select tablename as name from pg_tables where schemaname = ${service}`,
    )
    expect(tables.rows.length).toBeGreaterThan(1)
    for (const { name } of tables.rows) {
      await db.execute(sql`select 1 from ${sql.identifier(service)}.${sql.identifier(name)} limit 1`)
    }
  })

  it.each(
    SERVICES.flatMap((service) =>
      SERVICES.filter((other) => other !== service).map((other) => [service, other] as const),
    ),
  )('%s cannot touch the schema of %s', async (service, other) => {
    const refused = database.as(service).execute(sql`select 1 from ${sql.identifier(other)}.events`)
    const states = await refused.then(
      () => 'allowed',
      (error: unknown) => sqlState(error),
    )
    expect(states).toBe('42501')
  })
})
