import { CAPTURE_METHODS } from '@shop/contracts'
import { z } from 'zod'

const wholeNumber = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/, 'must be a whole number')
  .transform(Number)

/** What the objects that keep to Stripe's limit need to know. */
export const StripeLimit = z.object({ STRIPE_REQUESTS_PER_SECOND: wholeNumber })

/** The settings of the worker; bindings to services come from its types. */
export const PaymentsSettings = z.object({
  PAYMENTS_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NEON_FETCH_ENDPOINT: z.string(),
  STRIPE_SECRET_KEY: z.string().min(1),
  STRIPE_WEBHOOK_SECRET: z.string().min(1),
  /** While a secret is being replaced: the one of before, which Stripe goes on signing with for a while. */
  STRIPE_WEBHOOK_SECRET_OLD: z.string().optional(),
  /** Empty for Stripe itself. */
  STRIPE_API_BASE: z.union([z.literal(''), z.url()]),
  ATTEMPT_SECONDS: wholeNumber,
  PAYMENT_CHECK_SECONDS: wholeNumber,
  RECONCILE_AFTER_SECONDS: wholeNumber,
  PAYMENT_CAPTURE: z.enum(CAPTURE_METHODS),
})
