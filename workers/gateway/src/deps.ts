import { waitUntil } from 'cloudflare:workers'
import type { Limit } from '@shop/contracts/limits'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { objectsIn } from '@shop/http/objects'
import type { Role } from '@shop/kernel/caller'
import type { Locales } from '@shop/kernel/locale'
import { SHOP } from '@shop/settings/shop'
import { askRevocations } from './access/internal/ask-revocations.ts'
import { fetchSigningKeys } from './access/internal/fetch-signing-keys.ts'
import { createKeyStore, type KeyStore } from './access/internal/key-store.ts'
import { type SessionStates, sessionStates } from './access/internal/session-states.ts'
import { coloCache } from './caching/internal/colo-cache.ts'
import { createEdgeCache, type EdgeCache } from './caching/internal/edge-cache.ts'
import { type GatewayBindings, GatewaySettings, type Upstreams, upstreamsOf } from './env.ts'
import { checkServices } from './health/internal/check-services.ts'
import { createReadinessChecks, type ReadinessChecks } from './health/internal/readiness-checks.ts'

/** Everything the requests to the gateway use beside their bindings. */
export type GatewayDeps = {
  settings: GatewaySettings
  upstreams: Upstreams
  /** Of access tokens. */
  keys: KeyStore
  /** Whether sessions have ended. */
  sessions: SessionStates
  edge: EdgeCache
  readiness: ReadinessChecks
  /** Of the shop, the default one first. */
  locales: Locales
  now(): Date
}

/** The caller, as far as the log may show it. */
export type CallerKind = 'anonymous' | Role

export type GatewayContext = {
  Bindings: GatewayBindings
  Variables: { requestId: string; callerKind?: CallerKind; limits?: Limit[]; deps: GatewayDeps }
}

/** The dependencies, made once per isolate. */
export const gatewayDeps: (env: GatewayBindings) => GatewayDeps = oncePerEnv((env) => {
  const settings = parseEnv(GatewaySettings, env)
  const upstreams = upstreamsOf(env)
  return {
    settings,
    upstreams,
    keys: createKeyStore({ fetchKeys: () => fetchSigningKeys(upstreams.users), now: Date.now }),
    sessions: sessionStates({ ask: askRevocations(objectsIn(env.REVOCATIONS, settings)), now: Date.now }),
    edge: createEdgeCache({ shared: coloCache(() => caches.default, Date.now), later: waitUntil, now: Date.now }),
    readiness: createReadinessChecks({ check: () => checkServices(upstreams), later: waitUntil, now: Date.now }),
    locales: SHOP.locales,
    now: () => new Date(),
  }
})
