import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { ok } from '@shop/kernel/result'
import type { OrdersDeps } from '../../src/deps.ts'
import type { GiftCard, NewGiftCard } from '../../src/gift-cards/domain/gift-card.ts'

/** A card of 50.00 USD that staff issued. */
export const aGiftCard = (over: Partial<GiftCard> = {}): GiftCard => ({
  ...{ id: newId('giftCard'), lastFour: '81CW', currency: currency('USD'), initialBalance: 5_000, balance: 5_000 },
  ...{ source: 'staff', orderId: null, lineId: null, unit: null, refundId: null, recipientEmail: null, note: null },
  ...{ expiresAt: null, voidedAt: null, version: 1 },
  createdAt: new Date('2026-11-23T10:00:00.000Z'),
  updatedAt: new Date('2026-11-23T10:00:00.000Z'),
  ...over,
})

/** Gift cards in memory, by id, for the rules of operations. The SQL is tested on a database. */
export function memoryGiftCards(cards: readonly GiftCard[]): OrdersDeps['giftCards'] {
  const stored = new Map(cards.map((card) => [card.id as string, { card, codeHash: card.id as string }]))
  const add = ({ codeHash, ...card }: NewGiftCard) => {
    const { initialBalance: balance, createdAt: updatedAt } = card
    stored.set(card.id, { card: { ...card, balance, voidedAt: null, updatedAt, version: 1 }, codeHash })
    return card.id
  }
  const all = () => [...stored.values()]
  return {
    findNamed: async (keys) =>
      new Map(
        all().flatMap(({ card, codeHash }) =>
          [card.id, codeHash].filter((key) => keys.includes(key)).map((key): [string, GiftCard] => [key, card]),
        ),
      ),
    find: async (id) => stored.get(id),
    findWithEntries: async (id) => {
      const found = stored.get(id)
      return found && { card: found.card, entries: [] }
    },
    list: async () => all().map(({ card }) => card),
    listOfAccount: async () => [],
    listMailed: async (ids) =>
      all()
        .filter(({ card }) => ids.includes(card.id))
        .map((one) => ({ ...one, userId: null, email: one.card.recipientEmail })),
    insert: async (card) => ok(add(card)),
    issue: async (issued) => issued.filter(({ id }) => !stored.has(id)).map(add).length,
    save: async () => true,
    void: async () => true,
    expire: async () => 0,
    forgetRecipients: async () => 0,
    cardsOfOrder: async () => undefined,
    credit: async () => true,
    listUnissued: async () => [],
    issueSold: async () => {},
  }
}
