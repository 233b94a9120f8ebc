import type { Sweepable } from '@shop/contracts/service'
import { countCall, InvocationSettings } from '@shop/http/invocation'
import { ObjectSettings } from '@shop/http/objects'
import { Origins } from '@shop/http/origins'
import { type GatewayBinding, ROUTED_SERVICES, type RoutedService } from '@shop/services'
import { z } from 'zod'
import type { RevocationStub } from './access/internal/ask-revocations.ts'

/** A worker behind the gateway, as its binding offers it. */
export type Upstream = Sweepable & {
  fetch(request: Request, options?: { signal: AbortSignal }): Promise<Response>
}
export type Upstreams = Record<RoutedService['name'], Upstream>

/** One of [[ratelimits]]; what it allows is in wrangler.toml. */
export type Limiter = { limit(options: { key: string }): Promise<{ success: boolean }> }

/** The bindings, each typed by what the gateway uses of it, so that tests can pass plain objects. */
export type GatewayBindings = Record<GatewayBinding, Upstream> & {
  ASSETS: { fetch(request: Request): Promise<Response> }
  ADDRESS_LIMIT: Limiter
  NETWORK_LIMIT: Limiter
  WEBHOOK_LIMIT: Limiter
  USER_LIMIT: Limiter
  STOREFRONT_ADDRESS_LIMIT: Limiter
  STOREFRONT_LIMIT: Limiter
  PAYMENT_LIMIT: Limiter
  ORDER_LIMIT: Limiter
  ORDER_ADDRESS_LIMIT: Limiter
  CART_ADDRESS_LIMIT: Limiter
  CART_WRITE_ADDRESS_LIMIT: Limiter
  ORDER_TOKEN_ADDRESS_LIMIT: Limiter
  LIVE_TICKET_ADDRESS_LIMIT: Limiter
  PAYMENT_ORDER_LIMIT: Limiter
  PAYMENT_ADDRESS_LIMIT: Limiter
  REVOCATIONS: DurableObjectNamespace<RevocationStub>
  ENVIRONMENT: string
  TOKEN_ISSUER: string
  TOKEN_AUDIENCE: string
  CORS_ORIGINS: string
  OBJECT_LOCATION: string
  OBJECT_JURISDICTION: string
  STAFF_MFA: string
  /** Set in tests only. */
  INVOCATION_LIMIT?: string
}

/** The variables of this worker. */
export const GatewaySettings = z.object({
  ENVIRONMENT: z.string().min(1),
  TOKEN_ISSUER: z.string().min(1),
  TOKEN_AUDIENCE: z.string().min(1),
  CORS_ORIGINS: Origins,
  /** Whether staff need a second factor. */
  STAFF_MFA: z.enum(['required', 'off']),
  ...ObjectSettings.shape,
  ...InvocationSettings.shape,
})
export type GatewaySettings = z.infer<typeof GatewaySettings>

/** The workers behind the gateway. Each call of one is counted. */
export function upstreamsOf(env: GatewayBindings): Upstreams {
  const { INVOCATION_LIMIT: limit } = InvocationSettings.parse(env)
  const counted = (binding: Upstream): Upstream => ({
    fetch: async (request, options) => {
      countCall(limit)
      return binding.fetch(request, options)
    },
    sweep: async (request) => {
      countCall(limit)
      return binding.sweep(request)
    },
  })
  // fromEntries forgets the keys; they are those of the table.
  return Object.fromEntries(
    ROUTED_SERVICES.map(({ name, gateway }) => [name, counted(env[gateway.binding])]),
  ) as Upstreams
}
