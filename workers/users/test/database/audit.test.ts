import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/domain/audit-entry.ts'
import { type AuditRepository, auditRepository } from '../../src/audit/repository.ts'
import { NOW, unique } from '../support/people.ts'

let database: ServiceDatabase
let audit: AuditRepository

beforeAll(async () => {
  database = await startDatabase()
  audit = auditRepository(database.as('users'))
})
afterAll(() => database.stop())

let entries = 0
async function anEntry(over: Partial<AuditEntry> = {}): Promise<AuditEntry> {
  entries += 1
  const entry: AuditEntry = {
    ...{ id: `audit_${String(entries).padStart(26, '0')}`, at: NOW, actorId: `user_${unique()}`, role: 'finance' },
    ...{ method: 'POST', operation: 'refundPayment', path: '/api/payments/{id}/refund', resourceId: `pay_${unique()}` },
    ...{ requestId: unique(), status: null, createdId: null },
    ...over,
  }
  await audit.insert(entry)
  return entry
}

const PAGE = { before: undefined, limit: 100 }

describe('the audit log', () => {
  it('has a write before its answer, and then the first answer', async () => {
    const entry = await anEntry()
    expect(await audit.list({ ...PAGE, actorId: entry.actorId })).toEqual([entry])
    await audit.insertOutcome({ auditId: entry.id, status: 201, createdId: 'refund_1', at: NOW })
    await audit.insertOutcome({ auditId: entry.id, status: 500, createdId: null, at: NOW })
    expect(await audit.list({ ...PAGE, actorId: entry.actorId })).toEqual([
      { ...entry, status: 201, createdId: 'refund_1' },
    ])
  })

  it('takes a write in one round trip, its answer in another, and a page in one', async () => {
    database.resetCounts()
    const entry = await anEntry()
    expect(database.counts().roundTrips).toBe(1)
    await audit.insertOutcome({ auditId: entry.id, status: 201, createdId: null, at: NOW })
    await audit.list(PAGE)
    expect(database.counts().roundTrips).toBe(3)
  })

  it('has all about one thing, its creation included', async () => {
    const id = `refund_${unique()}`
    const created = await anEntry()
    await audit.insertOutcome({ auditId: created.id, status: 201, createdId: id, at: NOW })
    const changed = await anEntry({ resourceId: id })
    const entries = await audit.list({ ...PAGE, resourceId: id })
    expect(entries).toEqual([changed, { ...created, status: 201, createdId: id }])
  })

  it('is filtered by actor, operation, resource and time, and read newest first', async () => {
    const actorId = `user_${unique()}`
    const early = await anEntry({ actorId, operation: 'updateOrder', at: new Date('2026-11-01T00:00:00.000Z') })
    const late = await anEntry({ actorId, resourceId: null, role: null })
    expect(await audit.list({ ...PAGE, actorId })).toEqual([late, early])
    expect(await audit.list({ ...PAGE, actorId, operation: 'updateOrder' })).toEqual([early])
    expect(await audit.list({ ...PAGE, resourceId: early.resourceId ?? '' })).toEqual([early])
    expect(await audit.list({ ...PAGE, actorId, from: NOW })).toEqual([late])
    expect(await audit.list({ ...PAGE, actorId, to: NOW })).toEqual([early])
    expect(await audit.list({ ...PAGE, actorId, before: late.id })).toEqual([early])
    expect(await audit.list({ ...PAGE, actorId, limit: 1 })).toEqual([late])
  })

  it.each([
    ['changes', sql`update users.audit set actor_id = 'user_x'`],
    ['deletes', sql`delete from users.audit`],
    ['changes an outcome of', sql`update users.audit_outcomes set status = 200`],
    ['deletes an outcome of', sql`delete from users.audit_outcomes`],
  ])('is append-only: the service %s nothing', async (_, statement) => {
    await anEntry()
    await expect(database.as('users').execute(statement)).rejects.toThrow()
  })
})
