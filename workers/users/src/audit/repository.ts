import type { Db } from '@shop/db/client'
import { audit, auditOutcomes } from '@shop/db/schema/users-staff'
import type { AuditEntryId } from '@shop/kernel/ids'
import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { AuditEntry, AuditFilters } from './domain/audit-entry.ts'

export type AuditRepository = ReturnType<typeof auditRepository>

type AuditQuery = AuditFilters & { before: string | undefined; limit: number }

/** The writes of staff in Postgres, which the service may add to but not change; each call is one round trip. */
export const auditRepository = (db: Db) => ({
  async insert(entry: Omit<AuditEntry, 'status' | 'createdId'>): Promise<void> {
    await db.insert(audit).values(entry)
  },

  /** The first outcome counts. */
  async insertOutcome(outcome: {
    auditId: AuditEntryId
    status: number
    createdId: string | null
    at: Date
  }): Promise<void> {
    await db.insert(auditOutcomes).values(outcome).onConflictDoNothing()
  },

  /**
   * Newest first: ids begin with the time at which they were made. By keyset over the primary key, or over the index of the actor,
   * the operation or the resource.
   */
  async list({ before, limit, actorId, operation, resourceId, from, to }: AuditQuery): Promise<AuditEntry[]> {
    const conditions: (SQL | undefined)[] = [
      before === undefined ? undefined : lt(audit.id, before),
      actorId === undefined ? undefined : eq(audit.actorId, actorId),
      operation === undefined ? undefined : eq(audit.operation, operation),
      resourceId === undefined ? undefined : isAbout(resourceId),
      from === undefined ? undefined : gte(audit.at, from),
      to === undefined ? undefined : lt(audit.at, to),
    ]
    const rows = await db
      .select({ entry: audit, status: auditOutcomes.status, createdId: auditOutcomes.createdId })
      .from(audit)
      .leftJoin(auditOutcomes, eq(auditOutcomes.auditId, audit.id))
      .where(and(...conditions))
      .orderBy(desc(audit.id))
      .limit(limit)
    // Only ids of audit entries are ever written.
    return rows.map(({ entry, ...outcome }) => ({ ...entry, id: entry.id as AuditEntryId, ...outcome }))
  },
})

/** What the path named, or what was created. Each half has an index, which a join of both would not use. */
const isAbout = (id: string): SQL =>
  sql`(${eq(audit.resourceId, id)} or ${audit.id} in (
    select ${auditOutcomes.auditId} from ${auditOutcomes} where ${eq(auditOutcomes.createdId, id)}))`
