import type { DeliveredUsersEvent } from '@shop/contracts/users/delivered-events'
import { fail, ok } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import { describe, expect, it, vi } from 'vitest'
import { type Handled, receiveUsersEvents } from '../src/receive-users-events.ts'

const USER = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'

const registered = (id: number): DeliveredUsersEvent<'customer.registered'> => ({
  ...{ id, type: 'customer.registered', version: 1, key: USER, sequence: 1 },
  payload: { userId: USER, role: 'customer' },
  createdAt: new Date('2026-12-01T10:00:00Z'),
})

/** As a service would receive the event whose consumer it is. */
const receive = (events: DeliveredUsersEvent[], handle: (event: DeliveredUsersEvent) => Promise<Handled>) => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const handlers: Record<string, typeof handle> = { 'customer.registered': handle }
  return receiveUsersEvents<'orders'>(handlers as Parameters<typeof receiveUsersEvents<'orders'>>[0], events)
}

describe('events of users', () => {
  it('each get a receipt that says what the handler of their type did', async () => {
    const outcomes: Handled[] = [ok('done'), ok('skipped'), fail({ code: 'not_yet' })]
    expect(
      await receive([registered(1), registered(2), registered(3)], async ({ id }) => outcomes[id - 1] ?? ok('done')),
    ).toEqual(
      ok([
        { eventId: 1, outcome: 'done' },
        { eventId: 2, outcome: 'skipped' },
        { eventId: 3, outcome: 'failed', failure: 'not_yet' },
      ]),
    )
  })

  it('that cannot be applied now come again, and stop no other', async () => {
    const receipts = await receive([registered(1), registered(2), registered(3)], async ({ id }) => {
      if (id === 1) throw new Unavailable('database')
      if (id === 2) throw new Error('bug')
      return ok('done')
    })
    expect(receipts).toEqual(
      ok([
        { eventId: 1, outcome: 'failed', failure: 'service_unavailable' },
        { eventId: 2, outcome: 'failed', failure: 'internal_error' },
        { eventId: 3, outcome: 'done' },
      ]),
    )
  })

  it('of a type without a handler, or with another payload, are refused and not forgotten', async () => {
    const unknown = { ...registered(1), type: 'customer.updated' } as const
    const odd = { ...registered(2), payload: { userId: 7 } } as unknown as DeliveredUsersEvent
    const newer = { ...registered(3), version: 2 }
    const handle = vi.fn(async () => ok('done') as Handled)
    const refused = (eventId: number) => ({ eventId, outcome: 'failed', failure: 'invalid_event' })
    expect(await receive([unknown, odd, newer], handle)).toEqual(ok([refused(1), refused(2), refused(3)]))
    expect(handle).not.toHaveBeenCalled()
  })
})
