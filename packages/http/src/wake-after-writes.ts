import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app.ts'

/** Triggers the delivery of public events to webhook endpoints. It may be lost, because a sweep delivers them within a minute. */
export type WakesWebhooks = { wakeWebhooks: () => Promise<void> }

/**
 * Triggers the delivery of webhooks after each request that may have written a public event. The response does not wait for it.
 */
export const wakeAfterWrites: MiddlewareHandler<AppEnv<object, WakesWebhooks>> = async (c, next) => {
  await next()
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (!isRead && c.res.ok) c.executionCtx.waitUntil(c.get('deps').wakeWebhooks())
}
