import { describe, expect, it } from 'vitest'
import { sendDueWebhooks } from '../../../src/webhook-deliveries/send-due-webhooks.ts'
import type { WebhookEndpoint } from '../../../src/webhook-endpoints/domain/endpoint.ts'
import { useWebhookWorld } from '../../support/use-webhook-world.ts'
import { aMessage, BROKEN, OK, type WebhookWorld } from '../../support/webhook-world.ts'

const MINUTE = 60
const HOUR = 3_600

let world: WebhookWorld
let endpoint: WebhookEndpoint
useWebhookWorld(async (fresh) => {
  world = fresh.world
  endpoint = (await world.addEndpoint()).endpoint
})

/** What the object of the endpoint does when it is woken: batches until nothing is due. */
async function sendAll(): Promise<void> {
  while ((await sendDueWebhooks(world.deps, endpoint.id)).next !== undefined);
}
/** Lets time pass, with a sweep each minute that wakes the endpoint. */
async function sweepFor(seconds: number, step = MINUTE): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    world.after(step)
    await sendAll()
  }
}
const received = () => world.received.map(({ id }) => id)
const listed = () => world.deps.webhookDeliveries.list(endpoint.id, { before: undefined, limit: 50 })
const current = async () => {
  const found = await world.deps.webhookEndpoints.find(endpoint.id)
  if (found === undefined) throw new Error('It is gone')
  return found
}
const disabledEvents = () => world.events.list({ type: 'webhook_endpoint.disabled', limit: 10 })

describe('messages of a key', () => {
  it('are sent in order, those of other keys beside them', async () => {
    const [a1, b1, a2, a3, b2] = [
      await aMessage('a'),
      await aMessage('b'),
      await aMessage('a', 'order.shipped'),
      await aMessage('a', 'order.refunded'),
      await aMessage('b', 'order.cancelled'),
    ]
    await world.enqueue(a3, b2, a1, b1, a2)
    await sendAll()
    const of = (key: string) => world.received.filter((one) => one.key === key).map(({ id }) => id)
    expect(of('a')).toEqual([a1.id, a2.id, a3.id])
    expect(of('b')).toEqual([b1.id, b2.id])
  })

  it('wait for an earlier one that fails, while other keys go on', async () => {
    const [a1, a2, b1] = [await aMessage('a'), await aMessage('a', 'order.shipped'), await aMessage('b')]
    world.state.answer = ({ id }) => (id === a1.id ? BROKEN : OK)
    await world.enqueue(a1, a2, b1)
    await sendAll()
    await sweepFor(3 * MINUTE)
    expect(received()).toEqual(expect.arrayContaining([a1.id, b1.id]))
    expect(received()).not.toContain(a2.id)
  })

  it('wait at most five minutes for it, and it is sent after them', async () => {
    const [a1, a2, a3] = [
      await aMessage('a'),
      await aMessage('a', 'order.shipped'),
      await aMessage('a', 'order.refunded'),
    ]
    world.state.answer = ({ id }) => (id === a1.id ? BROKEN : OK)
    await world.enqueue(a1, a2, a3)
    await sendAll()
    await sweepFor(5 * MINUTE)
    expect(received().filter((id) => id !== a1.id)).toEqual([a2.id, a3.id])
    world.state.answer = () => OK
    await sweepFor(HOUR)
    expect(received().at(-1)).toBe(a1.id)
    expect((await listed()).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered'])
  })

  it('that are made while it fails wait five minutes each, from when they were made', async () => {
    const a1 = await aMessage('a')
    world.state.answer = ({ id }) => (id === a1.id ? BROKEN : OK)
    await world.enqueue(a1)
    await sendAll()
    await sweepFor(30 * MINUTE)
    const a2 = await aMessage('a', 'order.shipped')
    await world.enqueue(a2)
    await sendAll()
    await sweepFor(3 * MINUTE)
    expect(received()).not.toContain(a2.id)
    await sweepFor(2 * MINUTE)
    expect(received()).toContain(a2.id)
  })
})

describe('a receiver that answers 500 for a day', () => {
  it('gets each message again after longer and longer pauses, with the same id and body and a new time', async () => {
    const message = await aMessage()
    await world.enqueue(message)
    world.state.answer = () => BROKEN
    await sendAll()
    await sweepFor(24 * HOUR, 30 * MINUTE)
    const attempts = world.received.length
    expect(attempts).toBeGreaterThan(6)
    expect(attempts).toBeLessThan(12)
    world.state.answer = () => ({ isAccepted: true, response: { status: 200, headers: {}, body: 'thanks' } })
    await sweepFor(12 * HOUR, 30 * MINUTE)
    expect(new Set(received())).toEqual(new Set([message.id]))
    expect(new Set(world.received.map(({ text }) => text)).size).toBe(1)
    expect(new Set(world.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(attempts + 1)
    expect(await listed()).toMatchObject([
      { status: 'delivered', attempts: attempts + 1, response: { status: 200, body: 'thanks' }, failure: undefined },
    ])
    expect(await current()).toMatchObject({ status: 'enabled', failingSince: undefined })
  })
})

describe('an endpoint', () => {
  it('is disabled when every delivery has failed for three days, which is told once', async () => {
    world.state.answer = () => BROKEN
    await world.enqueue(await aMessage())
    await sendAll()
    await sweepFor(71 * HOUR, HOUR)
    await world.enqueue(await aMessage())
    await sendAll()
    expect(await current()).toMatchObject({ status: 'enabled' })
    expect(await disabledEvents()).toEqual([])
    await sweepFor(3 * HOUR, HOUR)
    expect(await current()).toMatchObject({ status: 'disabled', disabledReason: 'failing', version: 2 })
    const told = await disabledEvents()
    expect(told).toMatchObject([{ key: endpoint.id, sequence: 2, payload: { endpointId: endpoint.id } }])
    expect(told[0]?.deliveries.map(({ consumer }) => consumer)).toEqual(['notifications'])
  })

  it('is not disabled while any delivery succeeds', async () => {
    const poison = await aMessage()
    world.state.answer = ({ id }) => (id === poison.id ? BROKEN : OK)
    await world.enqueue(poison)
    await sendAll()
    for (let days = 0; days < 4; days += 1) {
      await world.enqueue(await aMessage())
      await sweepFor(24 * HOUR, HOUR)
    }
    expect(await current()).toMatchObject({ status: 'enabled' })
    const statuses = (await listed()).map(({ message, status }) => [message.id === poison.id, status])
    expect(statuses).toContainEqual([true, 'failed'])
    expect(statuses.filter(([, status]) => status === 'delivered')).toHaveLength(4)
  })

  it('that is disabled gets nothing, and gets what waits for it once it is enabled', async () => {
    const message = await aMessage()
    await world.enqueue(message)
    await world.deps.webhookEndpoints.save({ ...endpoint, status: 'disabled', disabledReason: 'by_staff', version: 2 })
    await sendAll()
    expect(received()).toEqual([])
    await world.deps.webhookEndpoints.save({ ...endpoint, version: 3 })
    await sendAll()
    expect(received()).toEqual([message.id])
  })

  it('is not asked when its name leads into a network by now', async () => {
    await world.enqueue(await aMessage())
    world.state.addresses = ['169.254.169.254']
    await sendAll()
    expect(received()).toEqual([])
    expect(await listed()).toMatchObject([{ status: 'pending', attempts: 1, failure: 'url_private_address' }])
  })

  it('is asked later when no resolver answers, which does not count against it', async () => {
    await world.enqueue(await aMessage())
    world.state.addresses = undefined
    await sendAll()
    await sweepFor(80 * HOUR, HOUR)
    expect(await listed()).toMatchObject([{ status: 'pending', attempts: 0, failure: 'dns_unavailable' }])
    expect(await current()).toMatchObject({ status: 'enabled', failingSince: undefined })
    world.state.addresses = ['93.184.216.34']
    await sweepFor(HOUR)
    expect(await listed()).toMatchObject([{ status: 'delivered' }])
  })

  it('with sixty messages gets all of them in one wake-up', async () => {
    await world.enqueue(...(await Promise.all(Array.from({ length: 60 }, () => aMessage()))))
    await sendAll()
    expect(new Set(received()).size).toBe(60)
  })
})

describe('an attempt whose delivery staff have sent again since', () => {
  it('does not end it', async () => {
    const message = await aMessage()
    await world.enqueue(message)
    world.state.answer = () => OK
    const { postWebhook } = world.deps
    world.deps.postWebhook = async (request) => {
      const answer = await postWebhook(request)
      world.after(1)
      await world.deps.webhookDeliveries.resend(endpoint.id, message.id, world.state.now)
      world.deps.postWebhook = postWebhook
      return answer
    }
    await sendAll()
    expect(received()).toEqual([message.id, message.id])
    expect(await listed()).toMatchObject([{ status: 'delivered' }])
  })
})
