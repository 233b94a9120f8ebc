import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { createSealer } from '@shop/kernel/sealer'
import { addSeconds } from '@shop/kernel/time'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { listWebhookDeliveries } from '../../../src/webhook-deliveries/list-webhook-deliveries.ts'
import { resendWebhookDeliveries } from '../../../src/webhook-deliveries/resend-webhook-deliveries.ts'
import { resendWebhookDelivery } from '../../../src/webhook-deliveries/resend-webhook-delivery.ts'
import { sendDueWebhooks } from '../../../src/webhook-deliveries/send-due-webhooks.ts'
import { testWebhookEndpoint } from '../../../src/webhook-deliveries/test-webhook-endpoint.ts'
import { createWebhookEndpoint } from '../../../src/webhook-endpoints/create-webhook-endpoint.ts'
import { deleteWebhookEndpoint } from '../../../src/webhook-endpoints/delete-webhook-endpoint.ts'
import { rotateWebhookSecret } from '../../../src/webhook-endpoints/rotate-webhook-secret.ts'
import { updateWebhookEndpoint } from '../../../src/webhook-endpoints/update-webhook-endpoint.ts'
import { NOW } from '../../support/mails.ts'
import { useWebhookWorld } from '../../support/use-webhook-world.ts'
import { ADMIN, aMessage, type WebhookWorld } from '../../support/webhook-world.ts'

let db: Db
let world: WebhookWorld
useWebhookWorld((fresh) => {
  ;({ db, world } = fresh)
})

const DRAFT = { url: 'https://hooks.example.com/shop', events: ['*'] as const, description: 'Warehouse' }
const rotate = (id: string, idempotencyKey?: string) =>
  rotateWebhookSecret(world.deps, ADMIN, { id, versions: undefined, idempotencyKey })
const pageOf = (request: Parameters<typeof listWebhookDeliveries>[2]) =>
  listWebhookDeliveries(world.deps, ADMIN, request)

describe('a new endpoint', () => {
  it('is made once for each key, and shows its secret to a repeated request too', async () => {
    const key = crypto.randomUUID()
    const [one, other] = await Promise.all([
      createWebhookEndpoint(world.deps, ADMIN, DRAFT, key),
      createWebhookEndpoint(world.deps, ADMIN, DRAFT, key),
    ])
    if (!one.ok || !other.ok) throw new Error('It was refused')
    expect(other.value.value).toEqual(one.value.value)
    expect([one.value.replayed, other.value.replayed].sort()).toEqual([false, true])
    expect(one.value.value.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(await createWebhookEndpoint(world.deps, ADMIN, { ...DRAFT, description: 'x' }, key)).toMatchObject({
      failure: { code: 'idempotency_key_reused' },
    })
  })

  it('has its secret in no row', async () => {
    const { secret } = await world.addEndpoint()
    const { rows } = await db.execute(sql`select to_jsonb(e) as endpoint from notifications.webhook_endpoints e`)
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length, -1))
  })

  it('is refused where webhooks must not go, and when its name cannot be resolved now', async () => {
    expect(await createWebhookEndpoint(world.deps, ADMIN, { ...DRAFT, url: 'https://localhost/' })).toMatchObject({
      failure: { code: 'webhook_url_not_allowed', reason: 'internal_name' },
    })
    world.state.addresses = undefined
    expect(await createWebhookEndpoint(world.deps, ADMIN, DRAFT)).toMatchObject({
      failure: { code: 'service_unavailable' },
    })
  })
})

describe('a rotation', () => {
  it('is made once for each key, so that a repeated request does not end the former secret', async () => {
    const { endpoint, secret } = await world.addEndpoint()
    const key = crypto.randomUUID()
    const [one, other] = [await rotate(endpoint.id, key), await rotate(endpoint.id, key)]
    if (!one.ok || !other.ok) throw new Error('It was refused')
    expect(one.value.value.secret).not.toBe(secret)
    expect(other.value).toEqual({ ...one.value, replayed: true })
    await world.enqueue(await aMessage())
    await sendDueWebhooks(world.deps, endpoint.id)
    expect(world.received[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2)
    world.after(86_400)
    await world.enqueue(await aMessage())
    await sendDueWebhooks(world.deps, endpoint.id)
    expect(world.received[1]?.headers['webhook-signature']?.split(' ')).toHaveLength(1)
  })

  it('of two at once leaves the secret of the first as the former one of the second', async () => {
    const { endpoint } = await world.addEndpoint()
    const rotations = await Promise.all([rotate(endpoint.id), rotate(endpoint.id)])
    expect(rotations.map(({ ok }) => ok)).toEqual([true, true])
    const found = await world.deps.webhookEndpoints.find(endpoint.id)
    const versions = rotations.flatMap((one) => (one.ok ? [one.value.value.endpoint] : []))
    const [first, second] = versions.toSorted((one, other) => one.version - other.version)
    expect(found?.secret).toEqual(second?.secret)
    expect(found?.formerSecret?.sealed).toEqual(first?.secret)
  })

  it('of the key that encrypts moves a secret to it when a webhook is sent', async () => {
    const { endpoint } = await world.addEndpoint()
    world.deps.sealer = createSealer('a test', [
      'the next secret of a test, long enough',
      'a secret of a test that is long enough',
    ])
    await world.enqueue(await aMessage())
    await sendDueWebhooks(world.deps, endpoint.id)
    const moved = await world.deps.webhookEndpoints.find(endpoint.id)
    expect(moved?.secret.keyId).not.toBe(endpoint.secret.keyId)
    expect(moved && (await world.deps.sealer.isStale(moved.secret))).toBe(false)
  })
})

describe('a change', () => {
  it('is refused for a version that is no longer the current one', async () => {
    const { endpoint } = await world.addEndpoint()
    const changes = { description: 'x' }
    expect(await updateWebhookEndpoint(world.deps, ADMIN, { id: endpoint.id, changes, versions: [1] })).toMatchObject({
      value: { description: 'x', version: 2 },
    })
    expect(await updateWebhookEndpoint(world.deps, ADMIN, { id: endpoint.id, changes, versions: [1] })).toMatchObject({
      failure: { code: 'version_conflict' },
    })
  })

  it('of the description does not end the failing of an endpoint that fails meanwhile; one of the URL does', async () => {
    const { endpoint } = await world.addEndpoint()
    await db.execute(sql`update notifications.webhook_endpoints set failing_since = ${NOW.toISOString()}::timestamptz`)
    await world.deps.webhookEndpoints.save({ ...endpoint, description: 'x', version: 2 })
    expect((await world.deps.webhookEndpoints.find(endpoint.id))?.failingSince).toEqual(NOW)
    await world.deps.webhookEndpoints.save({ ...endpoint, url: 'https://other.example.com/', version: 3 })
    expect((await world.deps.webhookEndpoints.find(endpoint.id))?.failingSince).toBeUndefined()
  })

  it('that deletes an endpoint deletes what was to be sent to it', async () => {
    const { endpoint } = await world.addEndpoint()
    await world.enqueue(await aMessage())
    expect(await deleteWebhookEndpoint(world.deps, ADMIN, { id: endpoint.id, versions: undefined })).toEqual({
      ok: true,
    })
    const { rows } = await db.execute(sql`select 1 from notifications.webhook_deliveries`)
    expect(rows).toEqual([])
    expect(await sendDueWebhooks(world.deps, endpoint.id)).toEqual({ done: 0 })
  })
})

describe('a test of an endpoint', () => {
  it('is sent whatever events it takes, once for each key', async () => {
    const { endpoint } = await world.addEndpoint({ events: ['order.shipped'] })
    const key = crypto.randomUUID()
    const sent = await testWebhookEndpoint(world.deps, ADMIN, { id: endpoint.id }, key)
    const repeated = await testWebhookEndpoint(world.deps, ADMIN, { id: endpoint.id }, key)
    if (!sent.ok || !repeated.ok) throw new Error('It was refused')
    expect(repeated.value).toMatchObject({ ...sent.value, replayed: true })
    expect(world.woken).toEqual([endpoint.id, endpoint.id])
    await sendDueWebhooks(world.deps, endpoint.id)
    expect(world.received).toMatchObject([
      { type: 'webhook.test', id: sent.value.value.message.id, data: { webhook_endpoint_id: endpoint.id } },
    ])
    expect(world.received[0]).not.toHaveProperty('key')
  })

  it('is refused while the endpoint is disabled', async () => {
    const { endpoint } = await world.addEndpoint()
    await world.deps.webhookEndpoints.save({ ...endpoint, status: 'disabled', disabledReason: 'by_staff', version: 2 })
    expect(await testWebhookEndpoint(world.deps, ADMIN, { id: endpoint.id })).toMatchObject({
      failure: { code: 'webhook_endpoint_disabled' },
    })
  })
})

describe('sending again', () => {
  it('sends one message with the same id, whatever came of it', async () => {
    const { endpoint } = await world.addEndpoint()
    const message = await aMessage()
    await world.enqueue(message)
    await sendDueWebhooks(world.deps, endpoint.id)
    expect(await resendWebhookDelivery(world.deps, ADMIN, { id: endpoint.id, messageId: message.id })).toEqual({
      ok: true,
    })
    await sendDueWebhooks(world.deps, endpoint.id)
    expect(world.received.map(({ id }) => id)).toEqual([message.id, message.id])
    for (const messageId of [newId('webhookMessage'), 'a\u0000b']) {
      expect(await resendWebhookDelivery(world.deps, ADMIN, { id: endpoint.id, messageId })).toMatchObject({
        failure: { code: 'webhook_delivery_not_found' },
      })
    }
  })

  it('sends a time range, also to an endpoint that was made later, but only what that takes', async () => {
    await world.addEndpoint()
    const [paid, shipped] = [await aMessage(), await aMessage(undefined, 'order.shipped')]
    const earlier = { ...(await aMessage()), occurredAt: addSeconds(NOW, -1) }
    await world.enqueue(paid, shipped, earlier)
    const { endpoint } = await world.addEndpoint({ events: ['order.paid'] })
    const range = { id: endpoint.id, from: NOW, to: addSeconds(NOW, 1) }
    expect(await resendWebhookDeliveries(world.deps, ADMIN, range)).toEqual({
      ok: true,
      value: { resent: 1, nextAfter: null },
    })
    await sendDueWebhooks(world.deps, endpoint.id)
    expect(world.received.map(({ id }) => id)).toEqual([paid.id])
  })

  it('sends a thousand a call, and continues where the call before ended', async () => {
    const { endpoint } = await world.addEndpoint()
    const first = await aMessage()
    await db.execute(sql`
      insert into notifications.webhook_messages (id, type, key, position, sequence, data, occurred_at)
      select 'msg_' || lpad(n::text, 26, '0'), 'order.paid', 'order_' || n, n, 1, '{}', ${NOW.toISOString()}::timestamptz
      from generate_series(1, 1001) n`)
    await world.enqueue({ ...first, occurredAt: addSeconds(NOW, 5) })
    const range = { id: endpoint.id, from: NOW, to: addSeconds(NOW, 60) }
    const page = await resendWebhookDeliveries(world.deps, ADMIN, range)
    if (!page.ok) throw new Error('It was refused')
    expect(page.value).toEqual({ resent: 1_000, nextAfter: expect.any(String) })
    const rest = await resendWebhookDeliveries(world.deps, ADMIN, { ...range, after: page.value.nextAfter ?? '' })
    expect(rest).toEqual({ ok: true, value: { resent: 2, nextAfter: null } })
  })
})

describe('the list of deliveries', () => {
  it('shows newest first what was sent and how it was answered, page by page', async () => {
    const { endpoint } = await world.addEndpoint()
    const messages = []
    for (let count = 0; count < 3; count += 1) {
      const message = await aMessage()
      messages.push(message)
      await world.enqueue(message)
      world.after(1)
    }
    await sendDueWebhooks(world.deps, endpoint.id)
    const first = await pageOf({ id: endpoint.id, limit: 2 })
    if (!first.ok) throw new Error('It was refused')
    expect(first.value.items).toMatchObject([
      { message: messages[2], status: 'delivered', attempts: 1, response: { status: 204, body: '' } },
      { message: messages[1], status: 'delivered' },
    ])
    const rest = await pageOf({ id: endpoint.id, limit: 2, cursor: first.value.nextCursor ?? '' })
    expect(rest).toMatchObject({ value: { items: [{ message: messages[0] }], nextCursor: null } })
    expect(await pageOf({ id: endpoint.id, status: 'pending' })).toMatchObject({ value: { items: [] } })
    expect(await pageOf({ id: endpoint.id, cursor: 'x' })).toMatchObject({ failure: { code: 'invalid_cursor' } })
  })
})
