import type { Db } from '@shop/db/client'
import { liveTickets, liveTopics } from '@shop/db/schema/notifications'
import { addSeconds } from '@shop/kernel/time'
import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { Credential } from './domain/listener.ts'
import type { LiveTicket } from './domain/ticket.ts'

/** Longer than a connection may last, and its messages are kept after that. */
const TOPIC_DAYS = 2
/** A topic that many ask for is written once in this time. */
const ASKED_SECONDS = 60
const PRUNED_AT_ONCE = 1_000

export type LiveRepository = ReturnType<typeof liveRepository>

export const liveRepository = (db: Db) => ({
  /** Writes a ticket, and that its topics are to be told from now on: one statement. */
  async create({ tokenHash, topics, credential, expiresAt }: LiveTicket, now: Date): Promise<void> {
    const at = sql`${now.toISOString()}::timestamptz`
    const names = sql`array(select jsonb_array_elements_text(${JSON.stringify(topics)}::jsonb))`
    await db.execute(sql`
      with ticket as (
        insert into ${liveTickets} (token_hash, topics, credential, expires_at)
        values (${tokenHash}, ${names}, ${credential === undefined ? null : JSON.stringify(credential)}::jsonb,
                ${expiresAt.toISOString()}::timestamptz)
      )
      insert into ${liveTopics} as known (topic, asked_at) select unnest(${names}), ${at} order by 1
      on conflict (topic) do update set asked_at = excluded.asked_at
      where known.asked_at < ${addSeconds(now, -ASKED_SECONDS).toISOString()}::timestamptz`)
  },

  /** Uses a ticket: of two who try, one gets it. Undefined for one that is unknown, was used or has expired. */
  async use(tokenHash: string, now: Date): Promise<Pick<LiveTicket, 'topics' | 'credential'> | undefined> {
    const [row] = await db
      .delete(liveTickets)
      .where(and(eq(liveTickets.tokenHash, tokenHash), gt(liveTickets.expiresAt, now)))
      .returning({ topics: liveTickets.topics, credential: liveTickets.credential })
    // Written only by `create`.
    return row && { topics: row.topics, credential: (row.credential as Credential | null) ?? undefined }
  },

  /** Those of the topics that somebody may listen to. */
  async listened(topics: readonly string[]): Promise<Set<string>> {
    if (topics.length === 0) return new Set()
    const rows = await db
      .select({ topic: liveTopics.topic })
      .from(liveTopics)
      .where(inArray(liveTopics.topic, [...topics]))
    return new Set(rows.map(({ topic }) => topic))
  },

  /** Tells topics nothing any more, unless somebody has asked for one since `before`. */
  async forget(topics: readonly string[], before: Date): Promise<void> {
    if (topics.length === 0) return
    await db.delete(liveTopics).where(and(inArray(liveTopics.topic, [...topics]), lt(liveTopics.askedAt, before)))
  },

  /** Deletes expired tickets and old topics, a thousand of each at most. Indexes: live_tickets_expiry, live_topics_age. */
  async prune(now: Date): Promise<number> {
    const before = addSeconds(now, -TOPIC_DAYS * 86_400).toISOString()
    const { rows } = await db.execute<{ pruned: number }>(sql`
      with tickets as (
        delete from ${liveTickets} where token_hash in (
          select token_hash from ${liveTickets} where expires_at < ${now.toISOString()}::timestamptz
          order by expires_at limit ${PRUNED_AT_ONCE})
        returning 1
      ), topics as (
        delete from ${liveTopics} where topic in (
          select topic from ${liveTopics} where asked_at < ${before}::timestamptz
          order by asked_at limit ${PRUNED_AT_ONCE})
        returning 1
      )
      select (select count(*) from tickets)::int + (select count(*) from topics)::int as pruned`)
    return rows[0]?.pruned ?? 0
  },
})
