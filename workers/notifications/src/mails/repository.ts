import type { MailStatus } from '@shop/contracts/notifications/states'
import type { Db } from '@shop/db/client'
import { mails, suppressions } from '@shop/db/schema/notifications'
import type { MailId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import { and, desc, eq, sql } from 'drizzle-orm'
import { type Claim, keyOf, type MailIdentity, type NewMail, type Settlement } from './domain/mail.ts'

/** Longer than an attempt takes: then its sender has died. */
const LEASE_SECONDS = 60
/** Longer than events are kept, so that one that is delivered again has no second mail. */
const KEPT_DAYS = 180
const PRUNED_AT_ONCE = 1_000

export type MailRepository = ReturnType<typeof mailRepository>

type ClaimRow = MailIdentity & { id: MailId | null; status: MailStatus | null; known: MailStatus | null }

export const mailRepository = (db: Db) => ({
  /**
   * Writes mails down and claims them, in one statement: of senders that claim the same mail, one gets it. A mail that was
   * left queued is claimed again once its lease is over.
   *
   * @param wanted different mails
   * @returns the claim on each, by its key
   */
  async claim(wanted: NewMail[], now: Date): Promise<Map<string, Claim>> {
    const rows = wanted.map((mail) => ({ ...mail, event_id: mail.eventId, address_hash: mail.addressHash }))
    const at = sql`${now.toISOString()}::timestamptz`
    const found = await db.execute<ClaimRow>(sql`
      with wanted as (
        select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w (
          id text, source text, event_id bigint, occasion text, template text, recipient text, address_hash text)
      ), claimed as (
        insert into ${mails} as mail (id, source, event_id, occasion, template, recipient, address_hash, status,
                                      lease_until, created_at, updated_at)
        select w.id, w.source, w.event_id, w.occasion, w.template, w.recipient, w.address_hash,
               case when exists (select from ${suppressions} s where s.address_hash = w.address_hash)
                 then 'suppressed' else 'queued' end,
               ${addSeconds(now, LEASE_SECONDS).toISOString()}::timestamptz, ${at}, ${at}
        from wanted w
        on conflict (source, occasion, template, recipient) do update
        set status = excluded.status, address_hash = excluded.address_hash, lease_until = excluded.lease_until,
            attempts = mail.attempts + 1, updated_at = excluded.updated_at
        where mail.status = 'queued' and mail.lease_until <= ${at}
        returning id, source, occasion, template, recipient, status
      )
      select w.source, w.occasion, w.template, w.recipient, c.id, c.status, m.status as known
      from wanted w
      left join claimed c using (source, occasion, template, recipient)
      left join ${mails} m using (source, occasion, template, recipient)`)
    return new Map(found.rows.map((row) => [keyOf(row), toClaim(row)]))
  },

  /** Records how an attempt ended. A mail that has ended stays as it is. */
  async settle(id: MailId, settled: Settlement, now: Date): Promise<void> {
    const isOver = settled.status !== 'retry'
    await db
      .update(mails)
      .set({
        status: isOver ? settled.status : 'queued',
        providerId: settled.status === 'sent' ? (settled.providerId ?? null) : null,
        failure: settled.status === 'sent' ? null : settled.failure,
        // Another attempt may begin at once.
        leaseUntil: now,
        updatedAt: now,
      })
      .where(and(eq(mails.id, id), eq(mails.status, 'queued')))
  },

  /** Mails to an address, newest first. Index: mails_of_address. */
  async listTo(addressHash: string, limit: number) {
    const { template, status, createdAt } = mails
    return db
      .select({ template, status, createdAt })
      .from(mails)
      .where(eq(mails.addressHash, addressHash))
      .orderBy(desc(createdAt), desc(mails.id))
      .limit(limit)
  },

  /** Deletes old mails, a thousand at most. Index: mails_age. */
  async prune(now: Date): Promise<number> {
    const before = addSeconds(now, -KEPT_DAYS * 86_400).toISOString()
    const { rows } = await db.execute(sql`
      delete from ${mails} where id in (
        select id from ${mails} where created_at < ${before}::timestamptz order by created_at limit ${PRUNED_AT_ONCE})
      returning id`)
    return rows.length
  },
})

/** Neither claimed nor known: another sender writes it down at this moment. */
function toClaim({ id, status, known }: ClaimRow): Claim {
  if (id !== null) return status === 'suppressed' ? { state: 'suppressed' } : { state: 'claimed', id }
  return { state: known === null || known === 'queued' ? 'busy' : 'ended' }
}
