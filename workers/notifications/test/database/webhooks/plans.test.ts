import { newId } from '@shop/http/ids'
import { addSeconds } from '@shop/kernel/time'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf } from '@shop/testing/plans'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NOW } from '../../support/mails.ts'
import { type WebhookWorld, webhookWorld } from '../../support/webhook-world.ts'

let database: ServiceDatabase
let admin: pg.Client
let world: WebhookWorld
beforeAll(async () => {
  database = await startDatabase()
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  world = webhookWorld(database.as('notifications'))
})
afterAll(async () => {
  await admin.end()
  await database.stop()
})

/** A thousand messages of ten keys that were delivered, and some that wait for an earlier one. */
async function fill(endpointId: string): Promise<void> {
  const at = sql`${NOW.toISOString()}::timestamptz`
  const db = database.as('notifications')
  await db.execute(sql`
    insert into notifications.webhook_messages (id, type, key, position, sequence, data, occurred_at)
    select 'msg_' || n, 'order.paid', 'order_' || n % 10, n, n, '{}', ${at} from generate_series(1, 5000) n`)
  await db.execute(sql`
    insert into notifications.webhook_deliveries
      (endpoint_id, message_id, key, position, status, created_at, queued_at, next_attempt_at, delivered_at)
    select ${endpointId}, id, key, position, case when position <= 4900 then 'delivered' else 'pending' end, ${at}, ${at},
           case when position <= 4910 then ${addSeconds(NOW, 60).toISOString()}::timestamptz else ${at} end,
           case when position <= 4900 then ${at} end
    from notifications.webhook_messages`)
  await admin.query('vacuum analyze notifications.webhook_messages, notifications.webhook_deliveries')
}

it('what is due for an endpoint is found among what was delivered, and what waits for an earlier one, by indexes', async () => {
  const { endpoint } = await world.addEndpoint()
  await fill(endpoint.id)
  const { webhookDeliveries } = world.deps
  const due = (seconds: number) => webhookDeliveries.listDue(endpoint.id, { now: addSeconds(NOW, seconds), limit: 25 })
  // The first of each key is to be tried again in a minute, so all others wait, for four.
  expect(await due(0)).toEqual([])
  expect((await due(60)).map(({ message }) => message.position)).toEqual(
    Array.from({ length: 25 }, (_, n) => 4_901 + n),
  )
  const plan = await planOf(admin, () => due(0))
  expect(plan).toMatch(/webhook_deliveries_(open|order|due)/)
  expect(plan).not.toContain('Seq Scan on webhook_deliveries')
  const woken = await planOf(admin, () => webhookDeliveries.listDueEndpoints(NOW))
  expect(woken).toMatch(/webhook_deliveries_(open|due)/)
  expect(woken).not.toContain('Seq Scan on webhook_deliveries')
})

it('a page of deliveries is read by an index, newest first', async () => {
  const { endpoint } = await world.addEndpoint()
  const before = { sortKey: NOW.toISOString(), id: newId('webhookMessage') }
  const plan = await planOf(admin, () => world.deps.webhookDeliveries.list(endpoint.id, { before, limit: 20 }))
  expect(plan).toContain('webhook_deliveries_list')
})
