import { parseEnv } from '@shop/http/env'
import { fail, ok } from '@shop/kernel/result'
import { ROUTED_SERVICES } from '@shop/services'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { createApiKeyStore } from '../../src/access/internal/api-key-store.ts'
import { createKeyStore } from '../../src/access/internal/key-store.ts'
import { type AskIsEnded, sessionStates } from '../../src/access/internal/session-states.ts'
import { gatewayApp } from '../../src/app.ts'
import { createEdgeCache } from '../../src/caching/internal/edge-cache.ts'
import type { GatewayDeps, GatewayUsers } from '../../src/deps.ts'
import { type GatewayBindings, GatewaySettings, type Upstream, upstreamsOf } from '../../src/env.ts'
import { checkServices } from '../../src/health/internal/check-services.ts'
import { createReadinessChecks } from '../../src/health/internal/readiness-checks.ts'

const ISSUER = 'https://shop.example.com'
const AUDIENCE = 'shop-api'
export const USER_ID = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
export const SESSION_ID = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'
const NOW = new Date('2026-11-23T10:00:00.000Z')

export type SigningKey = Awaited<ReturnType<typeof newKey>>

export async function newKey(kid = 'key-1', alg = 'EdDSA') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg } }
}

/** A token as users makes it, except for `changes`. */
export function newToken(
  key: SigningKey,
  changes: { header?: Partial<JWTHeaderParameters>; claims?: Record<string, unknown> } = {},
): Promise<string> {
  const issuedAt = Math.floor(NOW.getTime() / 1000)
  const who = { sub: USER_ID, sid: SESSION_ID, role: 'customer', amr: ['pwd'], auth_time: issuedAt }
  const claims = { iss: ISSUER, aud: AUDIENCE, ...who, iat: issuedAt, exp: issuedAt + 600, jti: 'token-1' }
  return new SignJWT({ ...claims, ...changes.claims })
    .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid, ...changes.header })
    .sign(key.privateKey)
}

/** A request as a worker received it. */
export type Arrived = { service: string; method: string; path: string; search: string; headers: Headers; body: string }

/** Users as the gateway asks it: it knows no key, and writes everything down. */
export const usersRpc = (over: Partial<GatewayUsers> = {}): GatewayUsers => ({
  callerOfKey: async () => ok(undefined),
  auditWrite: async () => ok('audit_1'),
  auditOutcome: async () => ok(),
  exportCustomer: async () => fail({ code: 'service_unavailable' }),
  ...over,
})

type FakeOptions = {
  keys?: unknown[]
  overrides?: Partial<GatewayBindings>
  users?: GatewayUsers
  isEnded?: AskIsEnded
  /** What an export is gathered from. */
  exports?: Partial<Pick<GatewayDeps, 'orders' | 'payments' | 'notifications'>>
}

/** The gateway, with workers that record what reaches them and answer 200. */
export function fakeShop({ users = usersRpc(), ...options }: FakeOptions = {}) {
  const arrived: Arrived[] = []
  const upstream = (service: string): Upstream => ({
    fetch: async (request) => {
      const { method, headers, url } = request
      const { pathname: path, search } = new URL(url)
      arrived.push({ service, method, path, search, headers, body: await request.text() })
      return Response.json({ service }, { headers: { 'x-request-id': headers.get('x-request-id') ?? '' } })
    },
    sweep: async () => ({}),
  })
  const bindings: GatewayBindings = {
    ...upstreamBindings(upstream),
    ASSETS: { fetch: async () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } }) },
    ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    NETWORK_LIMIT: { limit: async () => ({ success: true }) },
    WEBHOOK_LIMIT: { limit: async () => ({ success: true }) },
    USER_LIMIT: { limit: async () => ({ success: true }) },
    STOREFRONT_ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    STOREFRONT_LIMIT: { limit: async () => ({ success: true }) },
    PAYMENT_LIMIT: { limit: async () => ({ success: true }) },
    ORDER_LIMIT: { limit: async () => ({ success: true }) },
    ORDER_ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    CART_ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    CART_WRITE_ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    ORDER_TOKEN_ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    LIVE_TICKET_ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    PAYMENT_ORDER_LIMIT: { limit: async () => ({ success: true }) },
    PAYMENT_ADDRESS_LIMIT: { limit: async () => ({ success: true }) },
    // The state of sessions is a dependency of its own below.
    REVOCATIONS: undefined as unknown as GatewayBindings['REVOCATIONS'],
    OBJECT_LOCATION: 'weur',
    OBJECT_JURISDICTION: '',
    ENVIRONMENT: 'test',
    TOKEN_ISSUER: ISSUER,
    TOKEN_AUDIENCE: AUDIENCE,
    STAFF_MFA: 'off',
    CORS_ORIGINS: 'https://store.example.com, https://admin.example.com',
    ...options.overrides,
  }
  const keys = createKeyStore({ fetchKeys: async () => ({ keys: options.keys ?? [] }), now: () => NOW.getTime() })
  const shared = { find: async () => undefined, keep: async () => {} }
  const edge = createEdgeCache({ shared, later: (work) => void work, now: () => NOW.getTime() })
  const upstreams = upstreamsOf(bindings)
  const readiness = createReadinessChecks({
    check: () => checkServices(upstreams),
    later: (work) => void work,
    now: () => NOW.getTime(),
  })
  const deps: GatewayDeps = {
    settings: parseEnv(GatewaySettings, bindings),
    upstreams,
    keys,
    apiKeys: createApiKeyStore({ users, now: () => NOW.getTime() }),
    users,
    orders: { exportCustomer: async () => fail({ code: 'service_unavailable' }) },
    payments: { exportCustomer: async () => fail({ code: 'service_unavailable' }) },
    notifications: { exportCustomer: async () => fail({ code: 'service_unavailable' }) },
    ...options.exports,
    sessions: sessionStates({ ask: options.isEnded ?? (async () => false), now: () => NOW.getTime() }),
    edge,
    readiness,
    locales: ['en', 'de'],
    now: () => NOW,
  }
  const app = gatewayApp(() => deps)
  const ask = async (path: string, init?: RequestInit, origin = 'https://shop.example.com') =>
    app.fetch(new Request(new URL(path, origin), init), bindings)
  return { ask, arrived, deps }
}

/** A binding for each service of the table. */
export function upstreamBindings(make: (service: string) => Upstream) {
  const bindings = ROUTED_SERVICES.map(({ name, gateway }) => [gateway.binding, make(name)] as const)
  // fromEntries loses the key type; the keys are the bindings of the table.
  return Object.fromEntries(bindings) as Record<(typeof bindings)[number][0], Upstream>
}

export const problemOf = async (response: Response) => ({ status: response.status, ...(await response.json<object>()) })
