import type { GiftCardStatus } from '@shop/contracts/orders/states'
import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type GiftCardId, isId, type UserId } from '@shop/kernel/ids'
import type { Position } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import { type SQL, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { GiftCard, GiftCardEntry, NewGiftCard } from '../domain/gift-card.ts'
import { creditRepository } from './credit.ts'
import { endRepository } from './end.ts'
import { cardValues, issueCtes } from './issue.ts'
import { CARD_COLUMNS, type CardRow, ENTRIES_JSON, type EntryJson, toEntries, toGiftCard } from './rows.ts'
import { soldCardRepository } from './sold.ts'

/** A card, and the hash of its code. */
export type StoredCard = { card: GiftCard; codeHash: string }

/** A card whose code somebody is mailed: the address, or else the account. */
export type MailedCard = StoredCard & { userId: UserId | null; email: string | null }

export type CardQuery = {
  lastFour?: string | undefined
  status?: GiftCardStatus | undefined
  orderId?: string | undefined
  after?: Position | undefined
  limit: number
}

export const giftCardRepository = (db: Db) => ({
  /** The cards with these ids or code hashes, by id and by hash. Indexes: gift_cards_pkey, gift_cards_code. */
  async findNamed(keys: readonly string[]): Promise<Map<string, GiftCard>> {
    const asked = sql`(select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`
    const { rows } = await db.execute<CardRow>(sql`
      select ${CARD_COLUMNS} from orders.gift_cards card where card.id in ${asked} or card.code_hash in ${asked}`)
    return new Map(
      rows.map(toStored).flatMap(({ card, codeHash }): [string, GiftCard][] => [
        [card.id, card],
        [codeHash, card],
      ]),
    )
  },

  async find(id: string): Promise<StoredCard | undefined> {
    if (!isId('giftCard', id)) return undefined
    const { rows } = await db.execute<CardRow>(sql`
      select ${CARD_COLUMNS} from orders.gift_cards card where card.id = ${id}`)
    return rows[0] && toStored(rows[0])
  },

  /** A card and all changes of its balance, oldest first. */
  async findWithEntries(id: string): Promise<{ card: GiftCard; entries: GiftCardEntry[] } | undefined> {
    if (!isId('giftCard', id)) return undefined
    const { rows } = await db.execute<CardRow & { entries: EntryJson[] }>(sql`
      select ${CARD_COLUMNS}, ${ENTRIES_JSON} as entries from orders.gift_cards card where card.id = ${id}`)
    return rows[0] && { card: toGiftCard(rows[0].card), entries: toEntries(rows[0].entries) }
  },

  /**
   * Newest first, by keyset over (created_at, id). Indexes: gift_cards_newest and, for a filter, gift_cards_last_four and
   * gift_cards_of_order.
   */
  async list(query: CardQuery, now: Date): Promise<GiftCard[]> {
    const { rows } = await db.execute<CardRow>(sql`
      select ${CARD_COLUMNS} from orders.gift_cards card where ${matching(query, now)}
      order by card.created_at desc, card.id desc limit ${query.limit}`)
    return rows.map(({ card }) => toGiftCard(card))
  },

  /**
   * The cards that orders of an account have bought, and its store credit, newest first. Indexes: orders_of_user and
   * gift_cards_of_order.
   */
  async listOfAccount(userId: UserId, limit: number): Promise<GiftCard[]> {
    const { rows } = await db.execute<CardRow>(sql`
      select ${CARD_COLUMNS} from orders.orders o join orders.gift_cards card on card.order_id = o.id
      where o.user_id = ${userId} order by card.created_at desc, card.id desc limit ${limit}`)
    return rows.map(({ card }) => toGiftCard(card))
  },

  /**
   * Those of the cards that are mailed to somebody: to an address, or to the account of the order that they belong to. One of an exchange
   * is, once it has got something back: to the account, or to the address of the guest.
   */
  async listMailed(ids: readonly string[]): Promise<MailedCard[]> {
    if (!ids.some((id) => isId('giftCard', id))) return []
    const { rows } = await db.execute<CardRow & Pick<MailedCard, 'userId' | 'email'>>(sql`
      select ${CARD_COLUMNS}, o.user_id as "userId",
             coalesce(card.recipient_email, case when card.source = 'exchange' and o.user_id is null then o.email end) as email
      from orders.gift_cards card left join orders.orders o on o.id = card.order_id and card.source <> 'staff'
      where card.id in ${ids.filter((id) => isId('giftCard', id))} and card.voided_at is null
        and (card.source <> 'exchange' or card.balance > 0)
        and (card.recipient_email is not null or o.user_id is not null or (card.source = 'exchange' and o.email is not null))`)
    return rows.map((row) => ({ ...toStored(row), userId: row.userId, email: row.email }))
  },

  /** Issues a card; once for each key. */
  async insert(card: NewGiftCard, key?: IdempotencyKey): Promise<Result<GiftCardId, KeyKnown>> {
    return withFreshKey(async () => {
      await db.execute(sql`
        with ${issueCtes(sql`${cardValues([card])}`)}${keyedBy(key, sql`issued_cards`, card.createdAt)}
        select id from issued_cards`)
      return ok(card.id)
    })
  },

  /** Issues cards; those that exist are left unchanged. @returns how many are new */
  async issue(cards: readonly NewGiftCard[]): Promise<number> {
    if (cards.length === 0) return 0
    const { rows } = await db.execute(sql`with ${issueCtes(sql`${cardValues(cards)}`)} select id from issued_cards`)
    return rows.length
  },

  /** @returns false when another writer won since the version before */
  async save({ id, expiresAt, note, updatedAt, version }: GiftCard): Promise<boolean> {
    const { rows } = await db.execute(sql`
      update orders.gift_cards
      set expires_at = ${expiresAt?.toISOString() ?? null}::timestamptz, note = ${note}::text,
          updated_at = ${updatedAt.toISOString()}::timestamptz, version = version + 1
      where id = ${id} and version = ${version - 1} returning id`)
    return rows.length === 1
  },

  ...endRepository(db),
  ...creditRepository(db),
  ...soldCardRepository(db),
})

const toStored = ({ card, codeHash }: CardRow): StoredCard => ({ card: toGiftCard(card), codeHash })

function matching({ lastFour, status, orderId, after }: CardQuery, now: Date): SQL {
  const conditions = [
    lastFour === undefined ? undefined : sql`card.last_four = ${lastFour}`,
    orderId === undefined ? undefined : sql`card.order_id = ${orderId}`,
    status && isInStatus(status, now),
    after && sql`(card.created_at, card.id) < (${after.sortKey}::timestamptz, ${after.id}::text)`,
  ]
  return sql.join([sql`true`, ...conditions.filter((condition) => condition !== undefined)], sql` and `)
}

/** As `statusOf` decides it. */
function isInStatus(status: GiftCardStatus, now: Date): SQL {
  const isExpired = sql`coalesce(card.expires_at <= ${now.toISOString()}::timestamptz, false)`
  switch (status) {
    case 'voided':
      return sql`card.voided_at is not null`
    case 'expired':
      return sql`card.voided_at is null and ${isExpired}`
    case 'used_up':
      return sql`card.voided_at is null and not ${isExpired} and card.balance = 0`
    case 'active':
      return sql`card.voided_at is null and not ${isExpired} and card.balance > 0`
  }
}
