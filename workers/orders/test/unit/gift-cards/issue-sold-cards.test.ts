import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import type { NewGiftCard } from '../../../src/gift-cards/domain/gift-card.ts'
import { issueSoldCards } from '../../../src/gift-cards/issue-sold-cards.ts'
import type { Order, OrderLine } from '../../../src/orders/domain/order.ts'
import { anOrder } from '../../support/orders.ts'
import { plainTotals } from '../../support/purchases.ts'
import { testDeps } from '../../support/test-deps.ts'

const [mugs, papers] = anOrder().lines as [OrderLine, OrderLine]
const aCard = (): OrderLine => ({ ...papers, id: newId('orderLine'), isGiftCard: true })

/** A paid order of 25.00 USD for two mugs, which have not shipped, and a gift card of 5.00. */
const sold = (over: Partial<Order> = {}): Order =>
  anOrder({
    ...{ status: 'processing', paymentStatus: 'paid', stockCommitted: true, capturedAmount: 2_500 },
    lines: [mugs, aCard()],
    ...over,
  })

/** What a sweep issues, once it has found the order. */
async function issuedOf(order: Order): Promise<{ cards: NewGiftCard[]; after: Order }> {
  const { deps } = testDeps({ orders: [order] })
  const cards: NewGiftCard[] = []
  const issueSold = async (_: unknown, issued: readonly NewGiftCard[]) => void cards.push(...issued)
  const listUnissued = async () => [order]
  await issueSoldCards({ ...deps, giftCards: { ...deps.giftCards, listUnissued, issueSold } })
  return { cards, after: (await deps.orders.find(order.id)) ?? order }
}

/** The order after an edit has added a gift card of 5.00 to it. */
const withOneMore = (order: Order, over: Partial<Order> = {}): Order => ({
  ...{ ...order, ...plainTotals(3_000), lines: [...order.lines, aCard()], chargeNo: 2 },
  ...over,
})

describe('gift cards that were bought', () => {
  it('leave the order, and are issued with the price of a unit', async () => {
    const { cards, after } = await issuedOf(sold())
    expect(cards).toMatchObject([{ initialBalance: 500, unit: 1, source: 'sale' }])
    expect(after.shipments).toMatchObject([{ status: 'delivered' }])
  })

  it('are not issued before they are paid when an edit adds them to an order whose cards were issued', async () => {
    const { after: first } = await issuedOf(sold())
    const { cards, after } = await issuedOf(withOneMore(first))
    expect(cards).toEqual([])
    expect(after.shipments).toHaveLength(1)
  })

  it('that an edit added leave in a shipment of their own once they are paid', async () => {
    const { after: first } = await issuedOf(sold())
    const paid = { chargedAmount: 3_000, capturedAmount: 3_000 }
    const { cards, after } = await issuedOf(withOneMore(first, paid))
    expect(cards.map(({ lineId }) => lineId)).toContain(after.lines[2]?.id)
    expect(after.shipments).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }])
    expect(after.lines[2]?.units).toMatchObject({ shipped: 1 })
  })
})
