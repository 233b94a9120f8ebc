import type { EventSource } from '@shop/contracts/events/delivery'
import { confirmEvents, pullEvents } from '@shop/contracts/events/serve-events'
import type { SweepTask } from '@shop/contracts/service'
import type { Db } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { eventCtes } from '@shop/db/events/write'
import { ordersEvents } from '@shop/db/schema/orders'
import { ok } from '@shop/kernel/result'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sweepAll } from '@shop/testing/sweep'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { messageOf } from '../../../src/webhook-deliveries/domain/message.ts'
import { sendDueWebhooks } from '../../../src/webhook-deliveries/send-due-webhooks.ts'
import { webhookTasks } from '../../../src/webhook-deliveries/webhook-tasks.ts'
import { type WebhookWorld, webhookWorld } from '../../support/webhook-world.ts'

/**
 * Events of two orders on their way to an endpoint. For every n, the worker dies at the n-th call that leaves a trace outside of
 * it: either before the call, or after it with the answer lost. Then sweeps go on, and every event must have arrived.
 */
let database: ServiceDatabase
let orders: Db
let notifications: Db
beforeAll(async () => {
  database = await startDatabase()
  orders = database.as('orders')
  notifications = database.as('notifications')
})
afterAll(() => database.stop())
beforeEach(async () => {
  await orders.execute(sql`delete from orders.events`)
  await notifications.execute(sql`delete from notifications.webhook_endpoints`)
  await notifications.execute(sql`delete from notifications.webhook_messages`)
})

const MOST_BOUNDARIES = 100
const MOST_SWEEPS = 4

class Killed extends Error {}

/** Kills the worker at one of the calls of the functions that pass through it. */
function killer(kind: 'before' | 'after', at: number) {
  let calls = 0
  let hits = 0
  const through =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1
      const isHit = calls === at
      if (isHit) hits += 1
      if (isHit && kind === 'before') throw new Killed()
      const answer = await call(...args)
      if (isHit) throw new Killed()
      return answer
    }
  return { through, hits: () => hits }
}

const PAYLOAD = {
  ...{ userId: null, status: 'processing', paymentStatus: 'paid', cancelReason: null, total: 2_500, currency: 'USD' },
  ...{ capturedAmount: 2_500, refundedAmount: 0, paymentId: null },
}
const WRITTEN = ['order.placed', 'order.paid', 'order.shipped'] as const

/** Three events of each of two orders, as orders writes them. */
async function writeEvents(now: Date): Promise<void> {
  const rows = ['a', 'b'].flatMap((key) =>
    WRITTEN.map((type, index) => ({
      ...{ type, key, sequence: index + 1, payload: { ...PAYLOAD, orderId: key }, created_at: now.toISOString() },
    })),
  )
  const ctes = eventCtes(ordersEvents, {
    name: 'told',
    types: WRITTEN,
    rows: sql`select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as change(type text, key text, sequence bigint, payload jsonb, created_at timestamptz)`,
  })
  await orders.execute(sql`with ${ctes} select id from told`)
}

const NOTHING: EventSource = { pullEvents: async () => ok([]), confirmEvents: async () => ok() }

/** The sweeper that writes events down, and then the object of the endpoint, as far as they get. */
async function sweep(world: WebhookWorld, endpointId: string, { through }: ReturnType<typeof killer>): Promise<void> {
  const { deps } = world
  const { webhookEndpoints, webhookDeliveries } = deps
  const served = { events: eventLog(orders, ordersEvents), now: deps.now }
  const source: EventSource = {
    pullEvents: through((request) => pullEvents(served, request)),
    confirmEvents: through((request) => confirmEvents(served, request)),
  }
  const dying = {
    ...deps,
    sources: { users: NOTHING, catalog: NOTHING, payments: NOTHING, notifications: NOTHING, orders: source },
    webhookEndpoints: { ...webhookEndpoints, find: through(webhookEndpoints.find) },
    webhookDeliveries: {
      ...webhookDeliveries,
      enqueue: through(webhookDeliveries.enqueue),
      listDueEndpoints: through(webhookDeliveries.listDueEndpoints),
      listDue: through(webhookDeliveries.listDue),
      settle: through(webhookDeliveries.settle),
    },
    postWebhook: through(deps.postWebhook),
    wakeEndpoint: through(deps.wakeEndpoint),
  }
  const sending: SweepTask = { name: 'webhooks_sent', work: () => sendDueWebhooks(dying, endpointId) }
  await sweepAll(webhookTasks(dying))
  if (world.woken.splice(0).length > 0) await sweepAll([sending])
}

/** @returns whether the worker was killed */
async function survives(kind: 'before' | 'after', at: number): Promise<boolean> {
  const world = webhookWorld(notifications)
  const { endpoint } = await world.addEndpoint()
  await writeEvents(world.state.now)
  const written = await eventLog(orders, ordersEvents).list({ limit: 100 })
  const wanted = await Promise.all(written.map((event) => messageOf('orders', event)))
  const dying = killer(kind, at)
  for (let sweeps = 0; sweeps < MOST_SWEEPS; sweeps += 1) {
    await sweep(world, endpoint.id, dying)
    world.after(60)
  }
  const ids = world.received.map(({ id }) => id)
  expect(new Set(ids)).toEqual(new Set(wanted.map(({ id }) => id)))
  for (const key of ['a', 'b']) {
    const first = [...new Set(world.received.filter((one) => one.key === key).map(({ sequence }) => sequence))]
    expect(first).toEqual([1, 2, 3])
  }
  const listed = await world.deps.webhookDeliveries.list(endpoint.id, { before: undefined, limit: 100 })
  expect(listed.map(({ status }) => status)).toEqual(Array(wanted.length).fill('delivered'))
  const confirmed = await eventLog(orders, ordersEvents).list({ consumer: 'webhooks', status: 'done', limit: 100 })
  expect(confirmed).toHaveLength(wanted.length)
  // One more than needed at most: the one whose outcome was lost.
  expect(ids.length - wanted.length).toBeLessThanOrEqual(1)
  return dying.hits() > 0
}

it.each(['before', 'after'] as const)(
  'every event arrives with its id and in order when the worker dies %s any of its calls',
  async (kind) => {
    let boundaries = 0
    for (let at = 1; at <= MOST_BOUNDARIES; at += 1) {
      await orders.execute(sql`delete from orders.events`)
      await notifications.execute(sql`delete from notifications.webhook_endpoints`)
      if (!(await survives(kind, at))) break
      boundaries += 1
    }
    expect(boundaries).toBeGreaterThan(20)
    expect(boundaries).toBeLessThan(MOST_BOUNDARIES)
  },
  300_000,
)
