import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { EventSource, Receipt } from '@shop/contracts/events/delivery'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
import { describe, expect, it } from 'vitest'
import { createLiveTicket } from '../../src/live/create-live-ticket.ts'
import type { LiveTicket } from '../../src/live/domain/ticket.ts'
import { openLiveConnection } from '../../src/live/open-live-connection.ts'
import { tellOrderEvents } from '../../src/live/tell-order-events.ts'
import { tellStockLevels } from '../../src/live/tell-stock-levels.ts'
import { anOrderEvent, liveWorld, NOW, ORDER } from '../support/live.ts'

const TOPIC = `order:${ORDER}`
const CUSTOMER: Caller = { kind: 'user', userId: 'user_1', role: 'customer', sessionId: 'session_1' }

/** Orders shows everything to a signed-in caller and to who has the token `right`; variant 404 is not for sale. */
function ticketDeps() {
  const created: LiveTicket[] = []
  const asked: string[] = []
  const { deps } = liveWorld({})
  return {
    created,
    asked,
    deps: {
      ...deps,
      live: {
        ...deps.live,
        create: async (ticket: LiveTicket) => {
          created.push(ticket)
        },
      },
      orderAccess: {
        maySeeOrder: async ({ orderId, caller, orderToken }: OrderAccess) => {
          asked.push(orderId)
          return ok(caller.kind === 'user' || orderToken === 'right')
        },
      },
      catalog: {
        quoteEach: async ({ refs }: { refs: object[] }) =>
          ok(
            refs.map((ref) =>
              'variantId' in ref && ref.variantId === 404
                ? fail({ code: 'variant_not_found' as const })
                : ok({} as never),
            ),
          ),
      },
      newTicket: () => 'a-ticket',
    },
  }
}
const guest = (orderToken: string | null) => ({ caller: ANONYMOUS, orderToken })
const customer = { caller: CUSTOMER, orderToken: null }

describe('a ticket', () => {
  it('is stored hashed, for a minute, with the session of its caller', async () => {
    const { deps, created } = ticketDeps()
    const answer = await createLiveTicket(deps, customer, [TOPIC, 'stock:7', 'stock:7'])
    const expiresAt = new Date(NOW.getTime() + 60_000)
    expect(answer).toEqual({ ok: true, value: { token: 'a-ticket', topics: [TOPIC, 'stock:7'], expiresAt } })
    expect(created).toEqual([
      {
        tokenHash: expect.stringMatching(/^[\da-f]{64}$/),
        topics: [TOPIC, 'stock:7'],
        credential: { kind: 'session', userId: 'user_1', sessionId: 'session_1' },
        expiresAt,
      },
    ])
  })

  it('is given to anybody for stock, and asks orders nothing', async () => {
    const { deps, created, asked } = ticketDeps()
    expect(await createLiveTicket(deps, guest(null), ['stock:7'])).toMatchObject({ ok: true })
    expect([asked, created[0]?.credential]).toEqual([[], undefined])
  })

  it('for stock alone has no session, since nobody loses the right to it', async () => {
    const { deps, created } = ticketDeps()
    await createLiveTicket(deps, customer, ['stock:7'])
    expect(created[0]?.credential).toBeUndefined()
  })

  it('is given for an order to who has its token, of which it keeps a hash', async () => {
    const { deps, created } = ticketDeps()
    expect(await createLiveTicket(deps, guest('right'), ['stock:7', TOPIC])).toMatchObject({ ok: true })
    const tokenHash = await sha256Hex('right')
    expect(created[0]?.credential).toEqual({ kind: 'order_token', orderId: ORDER, tokenHash })
  })

  it.each([
    ['the key that may read orders', ['orders:read'], { kind: 'api_key', keyId: 'key_1' }],
    ['the token, where the key may not read orders', ['products:read'], { kind: 'order_token', orderId: ORDER }],
  ] as const)('keeps what gave the right: %s', async (_, scopes, credential) => {
    const { deps, created } = ticketDeps()
    const caller: Caller = { kind: 'key', keyId: 'key_1', scopes: scopes as readonly Scope[] }
    await createLiveTicket(deps, { caller, orderToken: 'right' }, [TOPIC])
    expect(created[0]?.credential).toMatchObject(credential)
  })

  it('is refused for an order of somebody else, as if there were none', async () => {
    const { deps, created } = ticketDeps()
    const refused = { ok: false, failure: { code: 'order_not_found' } }
    expect(await createLiveTicket(deps, guest(null), ['stock:7', TOPIC])).toEqual(refused)
    expect(await createLiveTicket(deps, guest('wrong'), [TOPIC])).toEqual(refused)
    expect(created).toEqual([])
  })

  it('is refused for a variant that is not for sale, naming it', async () => {
    const { deps } = ticketDeps()
    expect(await createLiveTicket(deps, guest(null), ['stock:404', 'stock:7'])).toEqual({
      ok: false,
      failure: { code: 'variant_not_found', variantId: 404 },
    })
  })

  it('is refused while orders or the catalog cannot be asked', async () => {
    const { deps } = ticketDeps()
    const away = async () => fail({ code: 'service_unavailable' as const })
    const answers = await Promise.all([
      createLiveTicket({ ...deps, orderAccess: { maySeeOrder: away } }, customer, [TOPIC]),
      createLiveTicket({ ...deps, catalog: { quoteEach: away } }, customer, ['stock:7']),
    ])
    for (const answer of answers) expect(answer).toEqual({ ok: false, failure: { code: 'service_unavailable' } })
  })

  it('opens nothing when it is unknown', async () => {
    const request = { ticket: 'unknown', lastEventId: undefined }
    expect(await openLiveConnection(liveWorld({}).deps, request)).toEqual({
      ok: false,
      failure: { code: 'invalid_ticket' },
    })
  })
})

/** Orders, with these events due. */
function source(events: ShopEvent[]) {
  const receipts: Receipt[] = []
  const orders: EventSource = {
    pullEvents: async () => ok(events),
    confirmEvents: async (confirmed) => {
      receipts.push(...confirmed.receipts)
      return ok()
    },
  }
  return { receipts, sources: { orders, users: orders, payments: orders, catalog: orders, notifications: orders } }
}

describe('an event of an order', () => {
  it('is told to a topic that somebody has asked for, and confirmed', async () => {
    const { deps, told } = liveWorld({ [TOPIC]: true })
    const { sources, receipts } = source([anOrderEvent()])
    expect(await tellOrderEvents({ ...deps, sources })).toMatchObject({ done: 1 })
    expect(told).toMatchObject([{ topic: TOPIC, type: 'order.paid' }])
    expect(receipts).toEqual([{ eventId: 1, outcome: 'done' }])
  })

  it('of a shipment is told while more is to come; the last is told as one of the order', async () => {
    const shipped = (id: number, status: 'processing' | 'shipped') => ({
      ...anOrderEvent({ id }),
      type: 'shipment.shipped' as const,
      payload: {
        ...{ orderId: ORDER, userId: null, status, fulfillmentStatus: 'partially_fulfilled', items: [] },
        ...{ shipmentId: `ship_${id}`, shipmentStatus: 'shipped' },
      },
    })
    const { deps, told } = liveWorld({ [TOPIC]: true })
    const { sources, receipts } = source([shipped(1, 'processing'), shipped(2, 'shipped')] as ShopEvent[])
    await tellOrderEvents({ ...deps, sources })
    expect(told).toMatchObject([{ type: 'shipment.shipped', data: { shipment_id: 'ship_1' } }])
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
  })

  it('is confirmed without a call where nobody has asked', async () => {
    const { deps, told } = liveWorld({})
    const { sources, receipts } = source([anOrderEvent()])
    await tellOrderEvents({ ...deps, sources })
    expect([told, receipts]).toEqual([[], [{ eventId: 1, outcome: 'done' }]])
  })

  it('is delivered again when the object of its topic does not answer', async () => {
    const { deps } = liveWorld({ [TOPIC]: undefined })
    const { sources, receipts } = source([anOrderEvent()])
    expect(await tellOrderEvents({ ...deps, sources })).toEqual({ done: 0 })
    expect(receipts).toEqual([{ eventId: 1, outcome: 'failed', failure: 'service_unavailable' }])
  })

  it('is refused when the catalogue of events has another version of it', async () => {
    const { deps } = liveWorld({ [TOPIC]: true })
    const { sources, receipts } = source([anOrderEvent({ version: 99 })])
    await tellOrderEvents({ ...deps, sources })
    expect(receipts).toEqual([{ eventId: 1, outcome: 'failed', failure: 'invalid_event' }])
  })

  it('makes its topic forgotten once nobody has listened for an hour', async () => {
    const { deps, forgotten } = liveWorld({ [TOPIC]: false })
    await tellOrderEvents({ ...deps, sources: source([anOrderEvent()]).sources })
    expect(forgotten).toEqual([TOPIC])
  })
})

describe('levels of stock', () => {
  it('are told once for each variant, the newest one', async () => {
    const { deps, told } = liveWorld({ 'stock:7': true, 'stock:8': true })
    const level = (variantId: number, available: number, sequence: number) => ({ variantId, available, sequence })
    await tellStockLevels(deps, [level(7, 5, 2), level(7, 4, 3), level(7, 9, 1), level(8, 1, 1), level(9, 1, 1)])
    expect(told.map(({ topic, data }) => [topic, data.available])).toEqual([
      ['stock:7', 4],
      ['stock:8', 1],
    ])
  })

  it('are lost, and nothing else, when an object does not answer', async () => {
    const { deps, told } = liveWorld({ 'stock:7': undefined, 'stock:8': true })
    const level = (variantId: number) => ({ variantId, available: 1, sequence: 1 })
    await tellStockLevels(deps, [level(7), level(8)])
    expect(told.map(({ topic }) => topic)).toEqual(['stock:8'])
  })
})
