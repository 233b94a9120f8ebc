import { describe, expect, it, vi } from 'vitest'
import { skipDelivery } from '../../src/events/skip-delivery.ts'
import { aCapturedPayment, aPayment, now, PAYMENT_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const one = { eventId: 1, consumer: 'orders', now } as const

/** A world with an event of the payment, and what of its log the operation uses. */
function withEvent(payment = aCapturedPayment(), confirmedAt?: Date) {
  const world = aWorld()
  world.payments.addUntold(payment)
  world.deps.events.list = async ({ after }) => {
    const delivery = {
      ...{ consumer: 'orders' as const, status: 'parked' as const, attempts: 10 },
      ...{ nextAttemptAt: now, confirmedAt, lastFailure: 'order_changed' },
    }
    const known = world.events.rows.filter(({ event }) => event.id < Number(after?.id))
    return known.slice(-1).map(({ event }) => ({ ...event, deliveries: [delivery] }))
  }
  world.deps.events.skip = async () => confirmedAt === undefined
  return world
}

describe('skipping the delivery of an event', () => {
  it('of captured money lists it for staff, since no order knows of it', async () => {
    const world = withEvent()
    expect(await skipDelivery(world.deps, one)).toBe(true)
    expect(world.discrepancies).toEqual([
      {
        kind: 'capture_skipped',
        subject: 'pi_1',
        paymentId: PAYMENT_ID,
        stripe: '25 USD, captured',
        shop: 'not told to its order',
      },
    ])
  })

  it('of anything else lists nothing', async () => {
    const world = withEvent(aPayment({ state: 'requires_capture', intentId: 'pi_1' }))
    expect(await skipDelivery(world.deps, one)).toBe(true)
    expect(world.discrepancies).toEqual([])
  })

  it('of captured money to webhook endpoints lists nothing, since its order knows of it', async () => {
    const world = withEvent()
    await skipDelivery(world.deps, { ...one, consumer: 'webhooks' })
    expect(world.discrepancies).toEqual([])
  })

  it('lists nothing when the delivery is over, or there is none', async () => {
    const delivered = withEvent(aCapturedPayment(), now)
    expect(await skipDelivery(delivered.deps, one)).toBe(false)
    const other = withEvent()
    await skipDelivery(other.deps, { ...one, eventId: 7 })
    expect([...delivered.discrepancies, ...other.discrepancies]).toEqual([])
  })
})

describe('the delivery that is skipped', () => {
  it('is found by its event and its consumer', async () => {
    const world = withEvent()
    const list = vi.spyOn(world.deps.events, 'list')
    await skipDelivery(world.deps, one)
    expect(list).toHaveBeenCalledExactlyOnceWith({
      consumer: 'orders',
      after: { sortKey: '', id: '2' },
      limit: 1,
    })
  })

  it('may be open although another consumer has the event', async () => {
    const world = withEvent()
    const { list } = world.deps.events
    world.deps.events.list = async (page) =>
      (await list(page)).map((event) => ({
        ...event,
        deliveries: event.deliveries.flatMap((each) => [
          { ...each, consumer: 'catalog_cache' as const, confirmedAt: now },
          each,
        ]),
      }))
    await skipDelivery(world.deps, one)
    expect(world.discrepancies).toMatchObject([{ kind: 'capture_skipped' }])
  })

  it('may not exist: nothing is listed then', async () => {
    const world = aWorld()
    expect(await skipDelivery(world.deps, one)).toBe(false)
    expect(world.discrepancies).toEqual([])
  })

  it('is listed by its payment when Stripe’s id of it is unknown', async () => {
    const world = withEvent()
    world.deps.payments.find = async () => undefined
    await skipDelivery(world.deps, one)
    expect(world.discrepancies).toMatchObject([{ subject: PAYMENT_ID, paymentId: PAYMENT_ID }])
  })

  it.each([{ id: 'pay_malformed' } as const, { currency: 'XYZ' as never }])(
    'cannot be listed with %j: that is a bug',
    async (over) => {
      const world = withEvent(aCapturedPayment(over))
      await expect(skipDelivery(world.deps, one)).rejects.toThrow(/^Malformed event of pay_/)
    },
  )
})
