import type { UserNotFound } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { users } from '@shop/db/schema/users'
import { customerNotes } from '@shop/db/schema/users-customers'
import type { ActorId } from '@shop/kernel/access'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type CustomerNoteId, isId, type UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { keyedBy } from '../idempotency/repository.ts'
import type { CustomerNote } from './domain/customer-note.ts'

export type CustomerNoteRepository = ReturnType<typeof customerNoteRepository>

type NoteQuery = { userId: UserId; before: string | undefined; limit: number }

/** Notes of staff about customers, which are erased with the account; each call is one round trip. */
export const customerNoteRepository = (db: Db) => ({
  async find(id: string): Promise<CustomerNote | undefined> {
    if (!isId('customerNote', id)) return undefined
    const [row] = await db.select().from(customerNotes).where(eq(customerNotes.id, id))
    return row && toCustomerNote(row)
  },

  /** Newest first, by keyset over the index customer_notes_of_user. */
  async list({ userId, before, limit }: NoteQuery): Promise<CustomerNote[]> {
    const where = and(eq(customerNotes.userId, userId), before === undefined ? undefined : lt(customerNotes.id, before))
    const rows = await db.select().from(customerNotes).where(where).orderBy(desc(customerNotes.id)).limit(limit)
    return rows.map(toCustomerNote)
  },

  async insert(note: CustomerNote, key?: IdempotencyKey): Promise<Result<CustomerNote, UserNotFound | KeyKnown>> {
    const { id, userId, authorId, text, createdAt } = note
    return withFreshKey<CustomerNote, UserNotFound>(async () => {
      const { rows } = await db.execute(sql`
        with created as (
          insert into ${customerNotes} (id, user_id, author_id, text, created_at)
          select ${id}, person.id, ${authorId}, ${text}, ${createdAt.toISOString()}::timestamptz
          from ${users} person where person.id = ${userId}
          returning id)
        ${keyedBy(key, sql`created`, createdAt)}
        select id from created`)
      return rows.length === 1 ? ok(note) : fail({ code: 'user_not_found' })
    })
  },

  /** @returns false when the account has no such note */
  async delete(userId: UserId, id: CustomerNoteId): Promise<boolean> {
    const deleted = await db
      .delete(customerNotes)
      .where(and(eq(customerNotes.id, id), eq(customerNotes.userId, userId)))
      .returning({ id: customerNotes.id })
    return deleted.length === 1
  },
})

function toCustomerNote(row: typeof customerNotes.$inferSelect): CustomerNote {
  const { id, userId, authorId } = row
  // Only ids of these types are ever written.
  return { ...row, id: id as CustomerNoteId, userId: userId as UserId, authorId: authorId as ActorId }
}
