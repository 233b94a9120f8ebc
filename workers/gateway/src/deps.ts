import { waitUntil } from 'cloudflare:workers'
import type { Limit } from '@shop/contracts/limit'
import type { NotificationsRpc } from '@shop/contracts/notifications/rpc'
import type { OrdersRpc } from '@shop/contracts/orders/rpc'
import type { PaymentsRpc } from '@shop/contracts/payments/rpc'
import type { UsersRpc } from '@shop/contracts/users/rpc'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { objectsIn } from '@shop/http/objects'
import { type TracedRpc, traced } from '@shop/http/rpc'
import type { Role } from '@shop/kernel/caller'
import type { Locales } from '@shop/kernel/locale'
import { SHOP } from '@shop/settings/shop'
import { type ApiKeyStore, createApiKeyStore } from './access/internal/api-key-store.ts'
import { askRevocations } from './access/internal/ask-revocations.ts'
import { fetchSigningKeys } from './access/internal/fetch-signing-keys.ts'
import { createKeyStore, type KeyStore } from './access/internal/key-store.ts'
import { type SessionStates, sessionStates } from './access/internal/session-states.ts'
import { coloCache } from './caching/internal/colo-cache.ts'
import { createEdgeCache, type EdgeCache } from './caching/internal/edge-cache.ts'
import { type GatewayBindings, GatewaySettings, type Upstream, type Upstreams, upstreamsOf } from './env.ts'
import { checkServices } from './health/internal/check-services.ts'
import { createReadinessChecks, type ReadinessChecks } from './health/internal/readiness-checks.ts'

/** What the gateway asks users for. */
export type GatewayUsers = Pick<UsersRpc, 'callerOfKey' | 'auditWrite' | 'auditOutcome' | 'exportCustomer'>

/** Everything the requests to the gateway use beside their bindings. */
export type GatewayDeps = {
  settings: GatewaySettings
  upstreams: Upstreams
  /** Of access tokens. */
  keys: KeyStore
  apiKeys: ApiKeyStore
  users: GatewayUsers
  orders: Pick<OrdersRpc, 'exportCustomer'>
  payments: Pick<PaymentsRpc, 'exportCustomer'>
  notifications: Pick<NotificationsRpc, 'exportCustomer'>
  /** Whether sessions have ended. */
  sessions: SessionStates
  edge: EdgeCache
  readiness: ReadinessChecks
  /** Of the shop, the default one first. */
  locales: Locales
  now(): Date
}

/** The caller, as far as the log may show it. */
export type CallerKind = 'anonymous' | 'key' | Role

export type GatewayContext = {
  Bindings: GatewayBindings
  Variables: { requestId: string; callerKind?: CallerKind; limits?: Limit[]; deps: GatewayDeps }
}

/** The dependencies, made once per isolate. */
export const gatewayDeps: (env: GatewayBindings) => GatewayDeps = oncePerEnv((env) => {
  const settings = parseEnv(GatewaySettings, env)
  const upstreams = upstreamsOf(env)
  // The bindings have the methods of the workers too; the app needs only what every worker has.
  const methodsOf = <R extends object>(binding: Upstream, name: string) =>
    traced<R>(binding as unknown as TracedRpc<R>, name, { invocationLimit: settings.INVOCATION_LIMIT })
  const users = methodsOf<GatewayUsers>(env.USERS, 'users')
  return {
    settings,
    upstreams,
    keys: createKeyStore({ fetchKeys: () => fetchSigningKeys(upstreams.users), now: Date.now }),
    apiKeys: createApiKeyStore({ users, now: Date.now }),
    users,
    orders: methodsOf<GatewayDeps['orders']>(env.ORDERS, 'orders'),
    payments: methodsOf<GatewayDeps['payments']>(env.PAYMENTS, 'payments'),
    notifications: methodsOf<GatewayDeps['notifications']>(env.NOTIFICATIONS, 'notifications'),
    sessions: sessionStates({ ask: askRevocations(objectsIn(env.REVOCATIONS, settings)), now: Date.now }),
    edge: createEdgeCache({ shared: coloCache(() => caches.default, Date.now), later: waitUntil, now: Date.now }),
    readiness: createReadinessChecks({ check: () => checkServices(upstreams), later: waitUntil, now: Date.now }),
    locales: SHOP.locales,
    now: () => new Date(),
  }
})
