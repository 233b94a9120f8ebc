import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { addSeconds } from '@shop/kernel/time'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { getWebhookDelivery } from '../../../src/webhook-deliveries/get-webhook-delivery.ts'
import { sendDueWebhooks } from '../../../src/webhook-deliveries/send-due-webhooks.ts'
import { createWebhookEndpoint } from '../../../src/webhook-endpoints/create-webhook-endpoint.ts'
import { deleteWebhookEndpoint } from '../../../src/webhook-endpoints/delete-webhook-endpoint.ts'
import type { WebhookEndpoint } from '../../../src/webhook-endpoints/domain/endpoint.ts'
import { NOW } from '../../support/mails.ts'
import { useWebhookWorld } from '../../support/use-webhook-world.ts'
import { ADMIN, aMessage, refusal, type WebhookWorld } from '../../support/webhook-world.ts'

let db: Db
let world: WebhookWorld
let endpoint: WebhookEndpoint
useWebhookWorld(async (fresh) => {
  ;({ db, world } = fresh)
  endpoint = (await world.addEndpoint()).endpoint
})

const URL = 'https://hooks.example.com/shop'
const send = () => sendDueWebhooks(world.deps, endpoint.id)
async function detailsOf(messageId: string) {
  const found = await getWebhookDelivery(world.deps, ADMIN, { id: endpoint.id, messageId })
  if (!found.ok) throw new Error(found.failure.code)
  return found.value
}

describe('an endpoint that answers 429 or 503 with Retry-After', () => {
  it.each([
    ['seconds', 429, '1800'],
    ['a date', 503, addSeconds(NOW, 1_800).toUTCString()],
  ])('is asked again when it says: %s', async (_, status, retryAfter) => {
    const message = await aMessage()
    await world.enqueue(message)
    world.state.answer = () => refusal(status, { 'retry-after': retryAfter })
    await send()
    expect(await detailsOf(message.id)).toMatchObject({ nextAttemptAt: addSeconds(NOW, 1_800) })
    world.after(1_799)
    await send()
    expect(world.received).toHaveLength(1)
    world.after(1)
    await send()
    expect(world.received).toHaveLength(2)
  })
})

describe('a delivery', () => {
  it('passes on what must not be kept, and keeps its URL without the values of the query', async () => {
    const { endpoint: withToken, secret } = await world.addEndpoint({ url: `${URL}?token=abcdefgh` })
    const message = await aMessage()
    await world.enqueue(message)
    await sendDueWebhooks(world.deps, withToken.id)
    const [received] = world.received
    expect(received?.url).toBe(`${URL}?token=abcdefgh`)
    const signature = received?.headers['webhook-signature']?.replace('v1,', '')
    expect(received?.confidential).toEqual(
      expect.arrayContaining([signature, secret.replace('whsec_', ''), 'abcdefgh']),
    )
    const found = await getWebhookDelivery(world.deps, ADMIN, { id: withToken.id, messageId: message.id })
    expect(found).toMatchObject({ ok: true, value: { history: [{ url: `${URL}?token=[redacted]` }] } })
  })

  it('shows each attempt with the answer, oldest first, those before a resend too', async () => {
    const message = await aMessage()
    await world.enqueue(message)
    world.state.answer = () => refusal(503, { 'content-type': 'text/plain' })
    await send()
    world.after(60)
    world.state.answer = () => ({ isAccepted: false, failure: 'timeout' })
    await send()
    world.state.addresses = ['10.0.0.1']
    world.after(300)
    await send()
    world.state.addresses = ['93.184.216.34']
    world.state.answer = () => ({ isAccepted: true, response: { status: 200, headers: {}, body: 'thanks' } })
    await world.deps.webhookDeliveries.resend(endpoint.id, message.id, world.state.now)
    await send()
    const none = { response: undefined, url: URL, durationMs: 0 }
    expect(await detailsOf(message.id)).toMatchObject({
      status: 'delivered',
      attempts: 1,
      response: { status: 200, body: 'thanks' },
      history: [
        {
          ...{ startedAt: NOW, url: URL, durationMs: 0, failure: 'bad_status' },
          response: { status: 503, headers: { 'content-type': 'text/plain' }, body: 'broken' },
        },
        { ...none, startedAt: addSeconds(NOW, 60), failure: 'timeout' },
        { ...none, startedAt: addSeconds(NOW, 360), failure: 'url_private_address' },
        { startedAt: addSeconds(NOW, 360), response: { status: 200, body: 'thanks' }, failure: undefined },
      ],
    })
  })

  it('keeps its newest twenty attempts', async () => {
    const message = await aMessage()
    await world.enqueue(message)
    for (let count = 0; count < 23; count += 1) {
      world.state.answer = () => refusal(500 + count)
      await send()
      await world.deps.webhookDeliveries.resend(endpoint.id, message.id, world.state.now)
    }
    const { history } = await detailsOf(message.id)
    expect(history.map(({ response }) => response?.status)).toEqual(Array.from({ length: 20 }, (_, n) => 503 + n))
  })

  it('is not found at another endpoint', async () => {
    const message = await aMessage()
    await world.enqueue(message)
    const other = (await world.addEndpoint({ events: ['order.shipped'] })).endpoint
    for (const messageId of [message.id, newId('webhookMessage'), 'a\u0000b']) {
      expect(await getWebhookDelivery(world.deps, ADMIN, { id: other.id, messageId })).toMatchObject({
        failure: { code: 'webhook_delivery_not_found' },
      })
    }
  })
})

describe('a shop', () => {
  const add = (key?: string) =>
    createWebhookEndpoint(world.deps, ADMIN, { url: URL, events: ['*'], description: '' }, key)
  const count = async () => (await db.execute(sql`select 1 from notifications.webhook_endpoints`)).rows.length

  it('has at most fifty endpoints, however many are added at once', async () => {
    for (let made = 1; made < 47; made += 1) await world.addEndpoint()
    const added = await Promise.all(Array.from({ length: 12 }, () => add(crypto.randomUUID())))
    const refused = added.filter(({ ok }) => !ok)
    expect(refused).toHaveLength(9)
    expect(refused[0]).toEqual({ ok: false, failure: { code: 'too_many_webhook_endpoints', maximum: 50 } })
    expect(await count()).toBe(50)
  })

  it('has room again once one is deleted, also for a request that was refused with the same key', async () => {
    for (let made = 1; made < 50; made += 1) await world.addEndpoint()
    const key = crypto.randomUUID()
    expect((await add(key)).ok).toBe(false)
    await deleteWebhookEndpoint(world.deps, ADMIN, { id: endpoint.id, versions: undefined })
    expect((await add(key)).ok).toBe(true)
  })
})
