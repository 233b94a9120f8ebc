import type { CatalogRpc } from '@shop/contracts'
import { connect, sqlState } from '@shop/db'
import { databaseFetch, log, newId, oncePerEnv, parseEnv, traced, wasNeverAsked } from '@shop/http'
import { OrdersSettings } from './env.ts'
import { orderStore } from './order-store.ts'
import type { OrdersDeps } from './ports.ts'
import { orderTokens } from './tokens.ts'

/** What the operations need, made from the worker's bindings. */
export const ordersDeps = oncePerEnv((env: OrdersEnv): OrdersDeps => {
  const settings = parseEnv(OrdersSettings, env)
  const { ORDER_TOKEN_SECRET: secret, ORDER_TOKEN_SECRET_OLD: secretOfBefore } = settings
  const db = connect({
    connectionString: settings.ORDERS_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  return {
    store: orderStore(db),
    catalog: traced<CatalogRpc>(env.CATALOG, 'catalog'),
    tokens: orderTokens(secretOfBefore === undefined ? [secret] : [secret, secretOfBefore]),
    now: () => new Date(),
    newOrderId: () => newId('order'),
    newClaim: () => crypto.randomUUID(),
    sha256,
    isDefiniteFailure: (error) => sqlState(error) !== undefined || wasNeverAsked(error),
    holdSeconds: settings.HOLD_SECONDS,
    holdGraceSeconds: settings.HOLD_GRACE_SECONDS,
    wakePayments: () => wake(env.CANCELLED_ORDERS),
    warn: (event, fields) => log('warn', event, fields),
  }
})

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return new Uint8Array(digest).toHex()
}

/** The message carries nothing, since the outbox has it all: a queue that is down must not fail a change. */
async function wake(queue: Queue): Promise<void> {
  try {
    await queue.send('pull')
  } catch (error) {
    log('warn', 'wake_failed', { queue: 'shop-cancelled-orders', error })
  }
}
