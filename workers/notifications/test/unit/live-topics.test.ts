import { ANONYMOUS } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import { describe, expect, it } from 'vitest'
import { KEPT_MS, LONGEST_CONNECTION_MS } from '../../src/live/domain/listener.ts'
import {
  messageOfEvent,
  messageOfLevel,
  numberIn,
  READY,
  serverSentEvent,
  textOf,
} from '../../src/live/domain/message.ts'
import { credentialOf } from '../../src/live/domain/ticket.ts'
import { isLevel, isPrivate, parseTopic, sortedTopics } from '../../src/live/domain/topic.ts'
import { readStockLevels } from '../../src/live/read-stock-levels.ts'
import { anOrderEvent, NOW, ORDER } from '../support/live.ts'

describe('the name of a topic', () => {
  it('names an order or the stock of a variant', () => {
    expect(parseTopic(`order:${ORDER}`)).toEqual({ about: 'order', orderId: ORDER })
    expect(parseTopic('stock:7')).toEqual({ about: 'stock', variantId: 7 })
    expect(parseTopic('stock:2147483647')).toEqual({ about: 'stock', variantId: 2_147_483_647 })
  })

  it.each([
    ...['', 'order', 'order:', 'order:7', 'order:pay_01jd4k2v9rf0fv8z3x1m5q7w2e', `order:${ORDER}\n`],
    ...['stock:0', 'stock:-1', 'stock:07', 'stock:1.5', 'stock:2147483648', 'stock:99999999999', 'cart:7', 'restock:7'],
  ])('is not %j', (name) => {
    expect(parseTopic(name)).toBeUndefined()
  })

  it('says whether only some may listen, and whether its newest message is enough', () => {
    const topics = [`order:${ORDER}`, 'stock:7']
    expect(topics.map(isPrivate)).toEqual([true, false])
    expect(topics.map(isLevel)).toEqual([false, true])
  })

  it('counts once, in an order that does not depend on the client', () => {
    expect(sortedTopics(['stock:7', 'order:b', 'stock:7', 'stock:10'])).toEqual(['order:b', 'stock:10', 'stock:7'])
  })
})

describe('a message', () => {
  it('has the states of an order, and no amounts or people', () => {
    expect(messageOfEvent(anOrderEvent({ id: 9 }))).toEqual({
      topic: `order:${ORDER}`,
      position: 9,
      type: 'order.paid',
      data: { order_id: ORDER, status: 'processing', payment_status: 'paid' },
    })
  })

  it('has the states of an order with the shipment that left', () => {
    const shipment = {
      shipmentId: 'ship_1',
      shipmentStatus: 'shipped',
      fulfillmentStatus: 'partially_fulfilled',
    } as const
    const payload = { orderId: ORDER, userId: null, status: 'processing', ...shipment, items: [] } as const
    const of = { id: 10, version: 1, key: ORDER, sequence: 3, createdAt: NOW }
    expect(messageOfEvent({ ...of, type: 'shipment.shipped', payload: { ...payload, items: [] } })).toMatchObject({
      ...{ topic: `order:${ORDER}`, type: 'shipment.shipped' },
      data: { order_id: ORDER, status: 'processing', fulfillment_status: 'partially_fulfilled', shipment_id: 'ship_1' },
    })
  })

  it('has what can be bought of a variant', () => {
    expect(messageOfLevel({ variantId: 7, available: 3, sequence: 12 })).toEqual({
      topic: 'stock:7',
      position: 12,
      type: 'stock.changed',
      data: { variant_id: 7, available: 3 },
    })
  })

  const message = { number: 41, topic: 'stock:7', type: 'stock.changed', data: { available: 3 } }

  it('is JSON with an id, which names where its number counts', () => {
    const text = textOf('order:b', message)
    expect(JSON.parse(text)).toEqual({
      ...{ id: '41@order:b', topic: 'stock:7', type: 'stock.changed' },
      data: { available: 3 },
    })
    expect([numberIn('41@order:b', 'order:b'), numberIn('41@order:b', 'stock:7')]).toEqual([41, undefined])
  })

  it('that says that all missed ones were told is of no topic', () => {
    const text = textOf('stock:7', { number: 41, topic: null, type: READY, data: {} })
    expect(text).toBe('{"id":"41@stock:7","topic":null,"type":"live.ready","data":{}}')
  })

  it('is a server-sent event with the same id and JSON', () => {
    const text = textOf('stock:7', message)
    expect(serverSentEvent(text)).toBe(`id: 41@stock:7\nevent: stock.changed\ndata: ${text}\n\n`)
  })

  it.each([undefined, '', '41', 'x@stock:7', '-1@stock:7', '1e3@stock:7', '41@stock:7\n', `${'9'.repeat(40)}@stock:7`])(
    'has no number in the id %j',
    (id) => {
      expect(numberIn(id, 'stock:7')).toBeUndefined()
    },
  )
})

describe('a connection', () => {
  it('ends with what gave the right to its order: a session, a key or a token', async () => {
    const user = { kind: 'user', userId: 'user_1', role: 'customer', sessionId: 'session_1' } as const
    const key = { kind: 'key', keyId: 'key_1', scopes: ['orders:read'] } as const
    const topics = ['stock:7', `order:${ORDER}`]
    expect(await credentialOf({ caller: user, orderToken: null }, topics)).toEqual({
      ...{ kind: 'session', userId: 'user_1', sessionId: 'session_1' },
    })
    expect(await credentialOf({ caller: key, orderToken: null }, topics)).toEqual({
      kind: 'api_key',
      keyId: 'key_1',
    })
    expect(await credentialOf({ caller: ANONYMOUS, orderToken: 'a token' }, topics)).toEqual({
      ...{ kind: 'order_token', orderId: ORDER, tokenHash: await sha256Hex('a token') },
    })
  })

  it('for stock alone ends with nothing', async () => {
    const user = { kind: 'user', userId: 'user_1', role: 'customer', sessionId: 'session_1' } as const
    expect(await credentialOf({ caller: user, orderToken: 'a token' }, ['stock:7'])).toBeUndefined()
  })

  it('is open for a day at most, and misses nothing of an hour', () => {
    expect([LONGEST_CONNECTION_MS, KEPT_MS]).toEqual([86_400_000, 3_600_000])
  })
})

describe('the messages of the queue', () => {
  it('have levels, or only wake', () => {
    const level = { variantId: 7, available: 3, sequence: 12 }
    expect(readStockLevels(['pull', { levels: [level] }, { levels: 'no' }, null])).toEqual([level])
    expect(readStockLevels(['pull'])).toEqual([])
  })
})
