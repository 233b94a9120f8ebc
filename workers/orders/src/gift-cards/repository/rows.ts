import { sql } from 'drizzle-orm'
import type { GiftCard, GiftCardEntry } from '../domain/gift-card.ts'

type CardInstants = 'createdAt' | 'updatedAt' | 'expiresAt' | 'voidedAt'
export type CardJson = Omit<GiftCard, CardInstants> &
  Record<'createdAt' | 'updatedAt', string> &
  Record<'expiresAt' | 'voidedAt', string | null>
export type CardRow = { card: CardJson; codeHash: string }

/** Statement part: a gift card `card` as one JSON value, so that its numbers are numbers. */
const CARD_JSON = sql`json_build_object(
  'id', card.id, 'lastFour', card.last_four, 'currency', card.currency, 'initialBalance', card.initial_balance,
  'balance', card.balance, 'source', card.source, 'orderId', card.order_id, 'lineId', card.line_id, 'unit', card.unit,
  'refundId', card.refund_id, 'recipientEmail', card.recipient_email, 'note', card.note, 'expiresAt', card.expires_at,
  'voidedAt', card.voided_at, 'createdAt', card.created_at, 'updatedAt', card.updated_at, 'version', card.version)`

export const CARD_COLUMNS = sql`${CARD_JSON} as card, card.code_hash as "codeHash"`

const dateOf = (text: string | null) => (text === null ? null : new Date(text))

export function toGiftCard({ createdAt, updatedAt, expiresAt, voidedAt, ...card }: CardJson): GiftCard {
  return {
    ...card,
    expiresAt: dateOf(expiresAt),
    voidedAt: dateOf(voidedAt),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  }
}

export type EntryJson = Omit<GiftCardEntry, 'at'> & { at: string }

/** Statement part: the entries of a gift card `card`, oldest first. */
export const ENTRIES_JSON = sql`(
  select coalesce(json_agg(json_build_object(
    'seq', entry.seq, 'kind', entry.kind, 'amount', entry.amount, 'orderId', entry.order_id, 'refundId', entry.refund_id,
    'at', entry.at) order by entry.seq), '[]')
  from orders.gift_card_entries entry where entry.gift_card_id = card.id)`

export const toEntries = (entries: readonly EntryJson[]): GiftCardEntry[] =>
  entries.map((entry) => ({ ...entry, at: new Date(entry.at) }))
