import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { issueStoreCredit } from '../../../src/gift-cards/issue-store-credit.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { anOrder } from '../../support/orders.ts'
import { NOW, testDeps } from '../../support/test-deps.ts'

const USD = currency('USD')
const credit = (order: Pick<Order, 'id'>) => ({
  orderId: order.id,
  refundId: newId('refund'),
  amount: 1_200,
  currency: USD,
})
const ONE_OF_ALL = { limit: 10 }
const OK = { ok: true, value: [{ ok: true }] }

describe('store credit', () => {
  it('is one card for each refund, however often it is asked for', async () => {
    const order = anOrder({ userId: null, email: 'guest@example.com' })
    const { deps } = testDeps({ orders: [order] })
    const asked = credit(order)
    expect(await issueStoreCredit(deps, [asked])).toMatchObject(OK)
    expect(await issueStoreCredit(deps, [asked])).toMatchObject(OK)
    expect(await deps.giftCards.list(ONE_OF_ALL, NOW)).toMatchObject([
      { balance: 1_200, refundId: asked.refundId, recipientEmail: 'guest@example.com' },
    ])
  })

  it('is refused for an order whose customer was erased, since nobody would get its code', async () => {
    const order = anOrder({ erasedAt: NOW })
    const { deps } = testDeps({ orders: [order] })
    const refused = { ok: true, value: [{ ok: false, failure: { code: 'order_erased' } }] }
    expect(await issueStoreCredit(deps, [credit(order)])).toEqual(refused)
    expect(await deps.giftCards.list(ONE_OF_ALL, NOW)).toEqual([])
  })

  it('that was issued before the customer was erased is answered again, so that its refund counts', async () => {
    const order = anOrder()
    const asked = credit(order)
    const before = testDeps({ orders: [order] }).deps
    await issueStoreCredit(before, [asked])
    const { deps } = testDeps({ orders: [{ ...order, erasedAt: NOW }] })
    expect(await issueStoreCredit({ ...deps, giftCards: before.giftCards }, [asked])).toMatchObject(OK)
  })
})
