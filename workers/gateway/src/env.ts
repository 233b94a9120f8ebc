import type { SweepReport } from '@shop/contracts/service'
import { oncePerEnv, parseEnv } from '@shop/http/env'
// zod/mini: this bundle is loaded near every client, and the whole of zod is twice as large as all of it.
import * as z from 'zod/mini'
import type { ServiceName } from './domain/upstreams.ts'

/** A worker behind the gateway, as its binding offers it. */
export type Upstream = {
  fetch(request: Request, options?: { signal: AbortSignal }): Promise<Response>
  sweep(): Promise<SweepReport>
}

/** One of [[ratelimits]]; what it allows is in wrangler.toml. */
export type Limiter = { limit(options: { key: string }): Promise<{ success: boolean }> }

/** The bindings that are used, each by what is used of it, so that tests can hand over plain objects. */
export type GatewayBindings = {
  USERS: Upstream
  CATALOG: Upstream
  ORDERS: Upstream
  PAYMENTS: Upstream
  ASSETS: { fetch(request: Request): Promise<Response> }
  ADDRESS_LIMIT: Limiter
  USER_LIMIT: Limiter
  PAYMENT_LIMIT: Limiter
  ENVIRONMENT: string
  TOKEN_ISSUER: string
  TOKEN_AUDIENCE: string
  CORS_ORIGINS: string
}

const SettingsSchema = z.object({
  ENVIRONMENT: z.string().check(z.minLength(1)),
  TOKEN_ISSUER: z.string().check(z.minLength(1)),
  TOKEN_AUDIENCE: z.string().check(z.minLength(1)),
  CORS_ORIGINS: z.string(),
})

export type Settings = { issuer: string; audience: string; corsOrigins: ReadonlySet<string> }

export const settingsOf: (env: GatewayBindings) => Settings = oncePerEnv((env) => {
  const settings = parseEnv(SettingsSchema, env)
  const origins = settings.CORS_ORIGINS.split(',').map((origin) => origin.trim())
  return {
    issuer: settings.TOKEN_ISSUER,
    audience: settings.TOKEN_AUDIENCE,
    corsOrigins: new Set(origins.filter((origin) => origin !== '')),
  }
})

export function upstreams(env: GatewayBindings): Record<ServiceName, Upstream> {
  return { users: env.USERS, catalog: env.CATALOG, orders: env.ORDERS, payments: env.PAYMENTS }
}
