import type { Receipt } from '@shop/contracts/events/delivery'
import type { EventLog } from '@shop/contracts/events/log'
import { pullEvents } from '@shop/contracts/events/serve-events'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { confirmEvents } from '../../src/events/confirm-events.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { anOrder } from '../support/orders.ts'
import { DOWN, NOW, testDeps } from '../support/test-deps.ts'

const consumer = 'payments'
const cancelled = () => anOrder({ status: 'cancelled', cancelReason: 'expired' })
const done = (eventId: number): Receipt => ({ eventId, outcome: 'done' })

/** With the cancellations of these orders as the open events 1, 2, … */
function confirming(orders: Order[], catalog: Parameters<typeof testDeps>[0] = {}) {
  const made = testDeps({ orders, ...catalog })
  const listOpen = async ({ eventIds }: { eventIds: number[] }) =>
    orders.flatMap((order, index) => (eventIds.includes(index + 1) ? [{ eventId: index + 1, order }] : []))
  const deps = { ...made.deps, cancellations: { listOpen } }
  return { ...made, confirm: (...receipts: Receipt[]) => confirmEvents(deps, { consumer, receipts }) }
}

describe('confirming a cancellation', () => {
  it.each(['done', 'skipped'] as const)(
    'as %s frees the stock of the order, then settles the event',
    async (outcome) => {
      const order = cancelled()
      const { confirm, calls } = confirming([order])
      expect(await confirm({ eventId: 1, outcome })).toEqual(ok())
      expect(calls).toEqual([`release ${order.id}`, 'settle 1'])
    },
  )

  it('as failed settles the event only: its payment may still succeed', async () => {
    const { confirm, calls } = confirming([cancelled()])
    expect(await confirm({ eventId: 1, outcome: 'failed', failure: 'service_unavailable' })).toEqual(ok())
    expect(calls).toEqual(['settle 1'])
  })

  it('leaves an event open whose stock cannot be freed now, and settles the others', async () => {
    const [stuck, broken, fine] = [cancelled(), cancelled(), cancelled()]
    const { confirm, calls } = confirming([stuck, broken, fine], {
      catalog: {
        releaseHolds: async ({ holdId }) => {
          if (holdId === broken.id) throw new Error('broken')
          return holdId === stuck.id ? DOWN : ok()
        },
      },
    })
    expect(await confirm(done(1), done(2), done(3))).toEqual(ok())
    expect(calls.at(-1)).toBe('settle 3')
    expect(calls.filter((call) => call === 'warn order_stock_not_freed')).toHaveLength(2)
  })

  it('settles each cancellation as soon as its stock is free, so that a call out of time repeats only the rest', async () => {
    const orders = [cancelled(), cancelled(), cancelled()]
    const settled: number[] = []
    const settle: EventLog['settle'] = async ({ receipts }) => {
      if (receipts.length > 1 || receipts.some(({ eventId }) => eventId === 3)) throw new Error('out of time')
      settled.push(...receipts.map(({ eventId }) => eventId))
      return 0
    }
    const { confirm, calls } = confirming(orders, { over: { events: { ...testDeps().deps.events, settle } } })
    expect(await confirm(done(1), done(2), done(3))).toEqual(ok())
    expect(settled).toEqual([1, 2])
    expect(calls).toContain('warn order_stock_not_freed')
  })

  it('is unavailable when no event could be settled', async () => {
    const { confirm, calls } = confirming([cancelled()], { catalog: { releaseHolds: async () => DOWN } })
    expect(await confirm(done(1))).toEqual(DOWN)
    expect(calls.some((call) => call.startsWith('settle'))).toBe(false)
  })
})

describe('confirming other events', () => {
  it('settles them and touches no stock', async () => {
    const { confirm, calls } = confirming([])
    expect(await confirm(done(7), done(8))).toEqual(ok())
    expect(calls).toEqual(['settle 7 8'])
  })

  it('does nothing without receipts', async () => {
    expect(await confirming([]).confirm()).toEqual(ok())
  })
})

describe('pulling events', () => {
  it('returns the events that are due for the consumer now', async () => {
    const { deps } = testDeps()
    const asked: unknown[] = []
    const pull: typeof deps.events.pull = async (request) => {
      asked.push(request)
      return []
    }
    expect(await pullEvents({ ...deps, events: { ...deps.events, pull } }, { consumer, limit: 7 })).toEqual(ok([]))
    expect(asked).toEqual([{ consumer, limit: 7, now: NOW }])
  })
})
