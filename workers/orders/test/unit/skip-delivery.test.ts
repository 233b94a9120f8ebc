import { newId } from '@shop/http/ids'
import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { ordersApp } from '../../src/app.ts'
import { anOrder } from '../support/orders.ts'
import { DOWN, testDeps } from '../support/test-deps.ts'

const admin: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }
const sold = () =>
  anOrder({
    status: 'cancelled',
    paymentStatus: 'paid',
    cancelReason: 'cancelled_by_staff',
    paymentId: newId('payment'),
    stockCommitted: true,
  })

/** With the cancellation of this order as the open event 1. */
function shop(order = sold(), options: Parameters<typeof testDeps>[0] = {}) {
  const made = testDeps({ orders: [order], ...options })
  const deps: typeof made.deps = {
    ...made.deps,
    cancellations: {
      listOpen: async ({ eventIds, consumer }) =>
        eventIds.includes(1) && consumer === 'payments' ? [{ eventId: 1, order }] : [],
    },
    events: {
      ...made.deps.events,
      skip: async ({ eventId }) => {
        made.calls.push(`skip ${eventId}`)
        return true
      },
    },
  }
  const app = ordersApp(() => deps)
  const skip = async (eventId: number) =>
    app.request(`/api/events/orders/${eventId}/skip`, {
      method: 'POST',
      headers: { [CALLER_HEADER]: JSON.stringify(admin), 'content-type': 'application/json' },
      body: JSON.stringify({ consumer: 'payments' }),
    })
  return { ...made, order, skip }
}

describe('skipping a delivery', () => {
  it('of a cancellation first frees the stock of the order', async () => {
    const { order, skip, calls, find } = shop()
    expect((await skip(1)).status).toBe(200)
    expect(calls).toEqual([`release ${order.id}`, `return ${order.id}`, 'save stock_returned', 'skip 1'])
    expect(find(order.id)?.stockCommitted).toBe(false)
  })

  it('of a cancellation whose stock cannot be freed now is refused', async () => {
    const { skip, calls } = shop(sold(), { catalog: { releaseHolds: async () => DOWN } })
    expect((await skip(1)).status).toBe(503)
    expect(calls).not.toContain('skip 1')
  })

  it('of another event touches no stock', async () => {
    const { skip, calls } = shop()
    expect((await skip(2)).status).toBe(200)
    expect(calls).toEqual(['skip 2'])
  })
})
