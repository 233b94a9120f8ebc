import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { consumersOf } from '@shop/contracts/events/catalogue'
import { CONSUMERS } from '@shop/contracts/events/define'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { EventLog } from '@shop/contracts/events/log'
import { USERS_EVENTS } from '@shop/contracts/events/users'
import { USERS_EVENTS_RECEIVERS } from '@shop/contracts/users/delivered-events'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { serviceNamed } from '@shop/services'
import { describe, expect, it } from 'vitest'
import type { UsersDeps } from '../../src/deps.ts'
import { deliverEvents } from '../../src/events/deliver-events.ts'
import { NOW } from '../support/people.ts'

const registered = (id: number): ShopEvent<'customer.registered'> => ({
  ...{ id, type: 'customer.registered', version: 1, key: `user_${id}`, sequence: 1, createdAt: NOW },
  payload: { userId: `user_${id}`, role: 'customer' },
})

/** Users with events that are due for one receiver, which answers each list with `answer`. */
function shopWith(due: ShopEvent[], answer: (ids: number[]) => Result<Receipt[], ServiceUnavailable>) {
  const calls: [receiver: string, ids: number[]][] = []
  const settled: unknown[] = []
  const received: unknown[] = []
  const pulled: unknown[] = []
  const receiver = (name: string) => ({
    receiveUsersEvents: async (events: { id: number }[]) => {
      const ids = events.map(({ id }) => id)
      calls.push([name, ids])
      received.push(...events)
      return answer(ids)
    },
  })
  const events: Partial<EventLog> = {
    pull: async (request) => {
      pulled.push(request)
      return due.splice(0, request.limit)
    },
    settle: async ({ consumer, receipts }) => {
      settled.push([consumer, ...receipts])
      return 0
    },
  }
  const receivers = { orders: receiver('orders'), payments: receiver('payments'), catalog: receiver('catalog') }
  const mailAddresses = {
    listVerified: async (ids: readonly string[]) =>
      ids
        .filter((id) => id !== 'user_gone')
        .map((userId) => ({ userId, emailKey: `${userId}@example.com`, verifiedAt: NOW })),
  } as UsersDeps['mailAddresses']
  const deps: Partial<UsersDeps> = { events: events as EventLog, receivers, mailAddresses, now: () => NOW }
  return { deps: deps as UsersDeps, calls, pulled, settled, received }
}
const allDone = (ids: number[]) => ok(ids.map((eventId): Receipt => ({ eventId, outcome: 'done' })))

describe('a delivery of events of users', () => {
  it.each(USERS_EVENTS_RECEIVERS)('calls %s once for a batch, with its own events only', async (receiver) => {
    const { deps, calls, pulled, settled } = shopWith(
      Array.from({ length: 30 }, (_, index) => registered(index + 1)),
      allDone,
    )
    expect(await deliverEvents(deps, receiver)).toEqual({ done: 20, next: 'more' })
    expect(pulled).toEqual([{ consumer: receiver, limit: 20, now: NOW }])
    expect(calls).toEqual([[receiver, Array.from({ length: 20 }, (_, index) => index + 1)]])
    expect(settled).toEqual([
      [receiver, ...Array.from({ length: 20 }, (_, n) => ({ eventId: n + 1, outcome: 'done' }))],
    ])
  })

  it('calls nobody when nothing is due', async () => {
    const { deps, calls, settled } = shopWith([], allDone)
    expect(await deliverEvents(deps, 'orders')).toEqual({ done: 0 })
    expect([calls, settled]).toEqual([[], []])
  })

  it('tries again later what a receiver that is down did not get', async () => {
    const { deps, settled } = shopWith([registered(1)], () => fail({ code: 'service_unavailable' }))
    expect(await deliverEvents(deps, 'payments')).toEqual({ done: 0 })
    expect(settled).toEqual([['payments', { eventId: 1, outcome: 'failed', failure: 'service_unavailable' }]])
  })
})

describe('the event of a verified address', () => {
  const verified = (id: number, userId: string): ShopEvent => ({
    ...registered(id),
    type: 'customer.email_verified',
    key: userId,
    payload: { userId, role: 'customer' },
  })

  it('is delivered with the address that the account has now', async () => {
    const { deps, received } = shopWith([verified(1, 'user_1'), registered(2)], allDone)
    await deliverEvents(deps, 'orders')
    expect(received).toEqual([
      { ...verified(1, 'user_1'), details: { emailKey: 'user_1@example.com', verifiedAt: NOW } },
      registered(2),
    ])
  })

  it('of an account that is gone ends as skipped', async () => {
    const { deps, calls, settled } = shopWith([verified(1, 'user_gone')], allDone)
    expect(await deliverEvents(deps, 'orders')).toEqual({ done: 1, next: 'more' })
    expect([calls, settled]).toEqual([[], [['orders', { eventId: 1, outcome: 'skipped' }]]])
  })
})

describe('the receivers of events of users', () => {
  it('are services that users may call', () => {
    expect(serviceNamed('users').mayCall).toEqual(expect.arrayContaining([...USERS_EVENTS_RECEIVERS]))
  })

  it('include every service among the consumers of its events', () => {
    const consumers = (Object.keys(USERS_EVENTS) as (keyof typeof USERS_EVENTS)[]).flatMap(consumersOf)
    // These pull their events, or are users itself.
    const pulling = ['notifications', 'users_revocations', 'webhooks']
    const others = CONSUMERS.filter((consumer) => pulling.includes(consumer))
    expect([...USERS_EVENTS_RECEIVERS, ...others]).toEqual(expect.arrayContaining(consumers))
  })
})
