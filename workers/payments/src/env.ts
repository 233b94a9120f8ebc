import { CAPTURE_METHODS } from '@shop/contracts/payments/states'
import { InvocationSettings } from '@shop/http/invocation'
import { ObjectSettings } from '@shop/http/objects'
import { z } from 'zod'

const wholeNumber = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/, 'must be a whole number')
  .transform(Number)

/** The settings of the objects that enforce Stripe's rate limit. */
export const StripeLimit = z.object({ STRIPE_REQUESTS_PER_SECOND: wholeNumber })

/** The settings of the worker. The types of its other bindings are generated from wrangler.toml. */
export const PaymentsSettings = z.object({
  PAYMENTS_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NEON_FETCH_ENDPOINT: z.string(),
  STRIPE_SECRET_KEY: z.string().min(1),
  STRIPE_WEBHOOK_SECRET: z.string().min(1),
  /** Previous secret, accepted during rotation: Stripe signs with both for a while. */
  STRIPE_WEBHOOK_SECRET_OLD: z.string().optional(),
  /** Empty for Stripe itself. */
  STRIPE_API_BASE: z.union([z.literal(''), z.url()]),
  ATTEMPT_SECONDS: wholeNumber,
  PAYMENT_CHECK_SECONDS: wholeNumber,
  RECONCILE_AFTER_SECONDS: wholeNumber,
  PAYMENT_CAPTURE: z.enum(CAPTURE_METHODS),
  ...ObjectSettings.shape,
  ...InvocationSettings.shape,
})

/** The settings that webhook events are checked against. */
export function webhookSettings(settings: z.output<typeof PaymentsSettings>): { secrets: string[]; isLive: boolean } {
  const { STRIPE_WEBHOOK_SECRET: current, STRIPE_WEBHOOK_SECRET_OLD: old } = settings
  const isLive = /^[rs]k_live_/.test(settings.STRIPE_SECRET_KEY)
  return { secrets: old ? [current, old] : [current], isLive }
}
