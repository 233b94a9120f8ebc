import type { Db } from '@shop/db/client'
import type { ServiceDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useWebhookWorld } from '../../support/use-webhook-world.ts'
import { aMessage, type WebhookWorld } from '../../support/webhook-world.ts'

let database: ServiceDatabase
let db: Db
let world: WebhookWorld
useWebhookWorld((fresh) => {
  ;({ database, db, world } = fresh)
})

const countOf = async (table: 'webhook_messages' | 'webhook_deliveries') => {
  const { rows } = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from ${sql.identifier('notifications')}.${sql.identifier(table)}`,
  )
  return rows[0]?.count
}
const deliveriesTo = async (endpointId: string) =>
  (await world.deps.webhookDeliveries.list(endpointId, { before: undefined, limit: 10 })).map(
    ({ message }) => message.id,
  )

describe('an event', () => {
  it('is one message and one delivery to each endpoint, however many workers write it down at once', async () => {
    const endpoints = [await world.addEndpoint(), await world.addEndpoint()]
    const message = await aMessage()
    await Promise.all(Array.from({ length: 20 }, () => world.enqueue(message)))
    expect([await countOf('webhook_messages'), await countOf('webhook_deliveries')]).toEqual([1, 2])
    for (const { endpoint } of endpoints) expect(await deliveriesTo(endpoint.id)).toEqual([message.id])
  })

  it('goes to those endpoints that take its type', async () => {
    const all = await world.addEndpoint({ events: ['*'] })
    const paid = await world.addEndpoint({ events: ['order.paid', 'order.refunded'] })
    const shipped = await world.addEndpoint({ events: ['order.shipped'] })
    const message = await aMessage()
    await world.enqueue(message)
    expect(await deliveriesTo(all.endpoint.id)).toEqual([message.id])
    expect(await deliveriesTo(paid.endpoint.id)).toEqual([message.id])
    expect(await deliveriesTo(shipped.endpoint.id)).toEqual([])
  })

  it('is kept nowhere in a shop without an endpoint that takes it', async () => {
    await world.addEndpoint({ events: ['order.shipped'] })
    await world.enqueue(await aMessage())
    expect([await countOf('webhook_messages'), await countOf('webhook_deliveries')]).toEqual([0, 0])
  })

  it('is kept for a disabled endpoint, which gets it when staff send it again', async () => {
    const { endpoint } = await world.addEndpoint()
    await world.deps.webhookEndpoints.save({ ...endpoint, status: 'disabled', disabledReason: 'failing', version: 2 })
    await world.enqueue(await aMessage())
    expect([await countOf('webhook_messages'), await countOf('webhook_deliveries')]).toEqual([1, 0])
  })

  it('is written in one round trip with a hundred others', async () => {
    await world.addEndpoint()
    const messages = await Promise.all(Array.from({ length: 100 }, () => aMessage()))
    database.resetCounts()
    await world.enqueue(...messages)
    expect(database.counts().roundTrips).toBe(1)
    expect(await countOf('webhook_deliveries')).toBe(100)
  })

  it('keeps its delivery as it is when it is written down again after it was sent', async () => {
    const { endpoint } = await world.addEndpoint()
    const message = await aMessage()
    await world.enqueue(message)
    const { deps } = world
    const [due] = await deps.webhookDeliveries.listDue(endpoint.id, { now: world.state.now, limit: 10 })
    const settled = { endpointId: endpoint.id, messageId: message.id, queuedAt: due?.queuedAt ?? world.state.now }
    await deps.webhookDeliveries.settle(
      {
        ...settled,
        ...{ outcome: 'delivered', nextAttemptAt: undefined },
        attempt: {
          startedAt: world.state.now,
          url: endpoint.url,
          response: undefined,
          durationMs: 5,
          failure: undefined,
        },
      },
      world.state.now,
    )
    await world.enqueue(message)
    expect(await deps.webhookDeliveries.listDue(endpoint.id, { now: world.state.now, limit: 10 })).toEqual([])
  })

  it('is deleted after 30 days, with its deliveries, but not while it is to be sent', async () => {
    const { endpoint } = await world.addEndpoint()
    const message = await aMessage()
    await world.enqueue(message)
    const { webhookDeliveries } = world.deps
    world.after(30 * 86_400 + 1)
    await webhookDeliveries.resend(endpoint.id, message.id, world.state.now)
    expect(await webhookDeliveries.prune(world.state.now)).toBe(0)
    world.after(30 * 86_400 + 1)
    expect(await webhookDeliveries.prune(world.state.now)).toBe(1)
    expect([await countOf('webhook_messages'), await countOf('webhook_deliveries')]).toEqual([0, 0])
  })
})

describe('an endpoint', () => {
  it('is woken while something is due for it, and not while it is disabled', async () => {
    const { endpoint } = await world.addEndpoint()
    await world.addEndpoint({ events: ['order.shipped'] })
    await world.enqueue(await aMessage())
    const { webhookDeliveries, webhookEndpoints } = world.deps
    expect(await webhookDeliveries.listDueEndpoints(world.state.now)).toEqual([endpoint.id])
    await webhookEndpoints.save({ ...endpoint, status: 'disabled', disabledReason: 'by_staff', version: 2 })
    expect(await webhookDeliveries.listDueEndpoints(world.state.now)).toEqual([])
  })
})
