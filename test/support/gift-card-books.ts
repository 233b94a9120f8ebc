import type { Platform } from '@shop/testing/platform'
import { sql } from 'drizzle-orm'

type CardRow = { id: string; currency: string; balance: number; entries: number }
type OwedRow = { currency: string; owed: number }

/**
 * Where the balance of a gift card is not the sum of its entries, or where the balances of a currency are not what the ledger
 * of payments says that the shop owes on gift cards. Empty once all events are delivered.
 */
export async function giftCardMismatches({ database }: Platform): Promise<string[]> {
  const [cards, ledger] = await Promise.all([
    database.as('orders').execute<CardRow>(sql`
      select id, currency, balance::float8 as balance, coalesce((
        select sum(amount) from orders.gift_card_entries where gift_card_id = id), 0)::float8 as entries
      from orders.gift_cards`),
    database.as('payments').execute<OwedRow>(sql`
      select currency, sum(case 'gift_cards' when credit then amount else -amount end)::float8 as owed
      from payments.ledger where 'gift_cards' in (debit, credit) group by currency`),
  ])
  const balances = new Map<string, number>()
  for (const { currency, balance } of cards.rows) balances.set(currency, (balances.get(currency) ?? 0) + balance)
  const owed = new Map(ledger.rows.map((row) => [row.currency, row.owed]))
  const currencies = new Set([...balances.keys(), ...owed.keys()])
  return [
    ...cards.rows
      .filter(({ balance, entries }) => balance !== entries)
      .map(({ id, balance, entries }) => `${id} has ${balance}, its entries ${entries}`),
    ...[...currencies]
      .map((currency) => ({ currency, left: balances.get(currency) ?? 0, booked: owed.get(currency) ?? 0 }))
      .filter(({ left, booked }) => left !== booked)
      .map(({ currency, left, booked }) => `gift cards have ${left} ${currency}, the ledger ${booked}`),
  ]
}
