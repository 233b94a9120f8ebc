import type { Db } from '@shop/db/client'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type WebhookWorld, webhookWorld } from './webhook-world.ts'

/** Starts a database for a file, and gives each of its tests webhooks on an empty one. */
export function useWebhookWorld(
  begin: (fresh: { database: ServiceDatabase; db: Db; world: WebhookWorld }) => Promise<void> | void,
): void {
  let database: ServiceDatabase
  beforeAll(async () => {
    database = await startDatabase()
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    const db = database.as('notifications')
    await db.execute(sql`delete from notifications.webhook_endpoints`)
    await db.execute(sql`delete from notifications.webhook_messages`)
    await db.execute(sql`delete from notifications.events`)
    await begin({ database, db, world: webhookWorld(db) })
  })
}
