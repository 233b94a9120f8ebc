import { CATALOG_EVENTS } from '@shop/contracts/events/catalog'
import { EVENTS, type EventType, PUBLIC_EVENTS } from '@shop/contracts/events/catalogue'
import { NOTIFICATIONS_EVENTS } from '@shop/contracts/events/notifications'
import { ORDERS_EVENTS } from '@shop/contracts/events/orders'
import { PAYMENTS_EVENTS } from '@shop/contracts/events/payments'
import { USERS_EVENTS } from '@shop/contracts/events/users'
import { newId } from '@shop/http/ids'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { byKey } from '../../../src/webhook-deliveries/domain/delivery.ts'
import { AMOUNTS, webhookData } from '../../../src/webhook-deliveries/domain/event-data.ts'
import { bodyOf, messageOf, testMessage } from '../../../src/webhook-deliveries/domain/message.ts'
import { PUBLIC_SOURCES } from '../../../src/webhook-deliveries/domain/sources.ts'
import { signaturesOf, signedRequest } from '../../../src/webhook-deliveries/internal/signed-request.ts'
import { NOW, orderEvent } from '../../support/mails.ts'

const BY_SOURCE = {
  users: USERS_EVENTS,
  catalog: CATALOG_EVENTS,
  orders: ORDERS_EVENTS,
  payments: PAYMENTS_EVENTS,
  notifications: NOTIFICATIONS_EVENTS,
}

/** Whole numbers in payloads of public events that are no amounts of money. */
const COUNTS = [
  'chargeNo',
  'productId',
  'variantId',
  'variantIds',
  'categoryId',
  'parentId',
  'collectionId',
  'attributeId',
]
const QUANTITIES = [
  'openingStock',
  'available',
  'threshold',
  'itemCount',
  'quantity',
  'received',
  'restocked',
  'writtenOff',
]

type Schema = { type?: string; properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[] }

/** The members that are whole numbers, with those of objects and lists inside. */
function wholeNumbers(schema: Schema, name = ''): string[] {
  const inside = [
    ...Object.entries(schema.properties ?? {}).flatMap(([member, of]) => wholeNumbers(of, member)),
    ...(schema.items === undefined ? [] : wholeNumbers(schema.items, name)),
    ...(schema.anyOf ?? []).flatMap((one) => wholeNumbers(one, name)),
  ]
  return schema.type === 'integer' || schema.type === 'number' ? [name] : inside
}
const schemaOf = (type: EventType) => z.toJSONSchema(EVENTS[type].payload) as Schema

describe('the events that webhook endpoints may get', () => {
  it('come from the services that are pulled', () => {
    const sources = Object.entries(BY_SOURCE).filter(([, events]) =>
      Object.values(events).some(({ isPublic }) => isPublic),
    )
    expect(sources.map(([name]) => name).sort()).toEqual([...PUBLIC_SOURCES].sort())
  })

  it.each(PUBLIC_EVENTS)('say of each whole number of %s whether it is an amount', (type) => {
    const unknown = wholeNumbers(schemaOf(type)).filter(
      (name) => !AMOUNTS.has(name) && ![...COUNTS, ...QUANTITIES].includes(name),
    )
    expect(unknown).toEqual([])
  })

  it.each(PUBLIC_EVENTS)('have the currency of each amount of %s', (type) => {
    const schema = schemaOf(type)
    if (wholeNumbers(schema).some((name) => AMOUNTS.has(name))) expect(schema.properties).toHaveProperty('currency')
  })
})

describe('the data of an event', () => {
  it('is as the API writes it: snake_case, and amounts in major units', () => {
    expect(webhookData({ orderId: 'order_1', total: 2_550, capturedAmount: 0, currency: 'USD', itemCount: 3 })).toEqual(
      {
        ...{ order_id: 'order_1', total: 25.5, captured_amount: 0, currency: 'USD', item_count: 3 },
      },
    )
    expect(webhookData({ total: 2_550, currency: 'JPY' })).toEqual({ total: 2_550, currency: 'JPY' })
    expect(webhookData({ total: 2_550, currency: 'KWD' })).toEqual({ total: 2.55, currency: 'KWD' })
  })

  it('writes each amount of an event in major units, alone and in lists, and no other number', () => {
    const amounts = { total: 100, amount: 200, price: 300, capturedAmount: 400, refundedAmount: 500, quantity: 600 }
    expect(webhookData({ ...amounts, currency: 'USD' })).toEqual({
      ...{ total: 1, amount: 2, price: 3, captured_amount: 4, refunded_amount: 5, quantity: 600, currency: 'USD' },
    })
    expect(webhookData({ price: [100, null, 'free'], currency: 'USD' })).toMatchObject({ price: [1, null, 'free'] })
    const inside = { total: 100, currency: 'JPY' }
    expect(webhookData({ order: inside, currency: 'USD' })).toMatchObject({ order: { total: 100 } })
  })

  it('leaves null as it is, and takes the currency for what is inside', () => {
    const lines = [{ lineId: 'line_1', quantity: 2, amount: 150 }]
    expect(webhookData({ total: null, currency: 'USD', lines })).toEqual({
      ...{ total: null, currency: 'USD', lines: [{ line_id: 'line_1', quantity: 2, amount: 1.5 }] },
    })
  })

  it('is not made of an amount without a currency', () => {
    expect(() => webhookData({ total: 1 })).toThrow('has no currency')
    expect(() => webhookData({ total: 1, currency: 'XX' })).toThrow('has no currency')
    expect(() => webhookData({ amount: 1, currency: 7 })).toThrow('The amount amount has no currency')
  })
})

describe('the message of an event', () => {
  it('has the same id each time, and another one than an event of another service or time', async () => {
    const event = orderEvent('order.paid', 'order_1')
    const { id } = await messageOf('orders', event)
    expect(id).toMatch(/^msg_[0-9a-z]{26}$/)
    expect((await messageOf('orders', { ...event })).id).toBe(id)
    const others = await Promise.all([
      messageOf('payments', event),
      messageOf('orders', { ...event, id: event.id + 1 }),
      messageOf('orders', { ...event, createdAt: new Date(0) }),
    ])
    expect(new Set([id, ...others.map((other) => other.id)]).size).toBe(4)
  })

  it('is sent with type, time, id, sequence, key and data', async () => {
    const message = await messageOf('orders', orderEvent('order.paid', 'order_1'))
    expect(Object.keys(bodyOf(message))).toEqual(['type', 'timestamp', 'id', 'sequence', 'key', 'data'])
    expect(bodyOf(message)).toMatchObject({
      ...{ type: 'order.paid', timestamp: '2026-11-23T10:00:00.000Z', id: message.id, sequence: 2, key: 'order_1' },
      data: { order_id: 'order_1', total: 25, currency: 'USD' },
    })
  })
})

describe('the message with which staff try an endpoint', () => {
  it('has no key, so that it waits for nothing, and names the endpoint', () => {
    const id = 'msg_01jd4k2v9rf0fv8z3x1m5q7w2e'
    expect(JSON.parse(JSON.stringify(bodyOf(testMessage(id, 'whe_1', NOW))))).toStrictEqual({
      ...{ type: 'webhook.test', timestamp: NOW.toISOString(), id, sequence: 1 },
      data: { webhook_endpoint_id: 'whe_1' },
    })
    expect(testMessage(id, 'whe_1', NOW).position).toBe(0)
  })
})

describe('messages that are due', () => {
  it('are in order by key, and each test is by itself', async () => {
    const of = async (key: string) => ({ ...(await messageOf('orders', orderEvent('order.paid', key))), key })
    const [first, other, second] = await Promise.all(['order_1', 'order_2', 'order_1'].map(of))
    const tests = [1, 2].map(() => testMessage(newId('webhookMessage'), 'whe_1', NOW))
    const due = [first, other, second, ...tests].flatMap((message) =>
      message === undefined ? [] : [{ message, attempts: 0, queuedAt: NOW }],
    )
    const groups = byKey(due)
    expect(groups.map((group) => group.map(({ message }) => message))).toEqual([
      ...[[first, second], [other]],
      ...tests.map((test) => [test]),
    ])
  })
})

/** Published with the specification and its libraries. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  body: '{"test": 2432232314}',
  now: new Date(1_614_265_330_000),
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const bytesOf = (secret: string) => Uint8Array.from(atob(secret.slice('whsec_'.length)), (one) => one.charCodeAt(0))
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))

describe('the signature of a webhook', () => {
  const secrets = [1, 2].map((fill) => new Uint8Array(32).fill(fill))
  const written = secrets.map((secret) => `whsec_${base64(secret)}`)

  it('is that of the published vector', () => {
    const { secret, id, body, now, signature } = VECTOR
    expect(signaturesOf({ id, body, now, secrets: [bytesOf(secret)] })).toBe(signature)
  })

  it('is an HMAC-SHA-256 over id, time and body', async () => {
    const message = await messageOf('orders', orderEvent('order.paid', 'order_1'))
    const { headers, body } = signedRequest(message, secrets.slice(0, 1), NOW)
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    const hmac = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', secrets[0] ?? new Uint8Array(), hmac, false, ['sign'])
    const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(signed))
    expect(headers['webhook-signature']).toBe(`v1,${base64(new Uint8Array(mac))}`)
  })

  it('is accepted by the library of receivers with either secret during a rotation, and with no other', async () => {
    const message = await messageOf('orders', orderEvent('order.paid', 'order_1'))
    const { headers, body } = signedRequest(message, secrets, new Date())
    for (const secret of written) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
    expect(() => new Webhook(VECTOR.secret).verify(body, headers)).toThrow('No matching signature')
    expect(() => new Webhook(written[0] ?? '').verify(`${body} `, headers)).toThrow('No matching signature')
  })
})
