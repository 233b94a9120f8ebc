import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app.ts'

/** Has public events sent to webhook endpoints now. It may be lost, since the sweep of the minute has them sent too. */
export type WakesWebhooks = { wakeWebhooks: () => Promise<void> }

/**
 * Has the events of a write sent to webhook endpoints at once: any request that changed something may have written some. The
 * answer does not wait for it.
 */
export const wakeAfterWrites: MiddlewareHandler<AppEnv<object, WakesWebhooks>> = async (c, next) => {
  await next()
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (!isRead && c.res.ok) c.executionCtx.waitUntil(c.get('deps').wakeWebhooks())
}
