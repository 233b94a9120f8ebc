import { z } from 'zod'

const seconds = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/, 'must be whole seconds')
  .transform(Number)

/** The settings of the worker; bindings to services come from its types. */
export const PaymentsSettings = z.object({
  PAYMENTS_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NEON_FETCH_ENDPOINT: z.string(),
  STRIPE_SECRET_KEY: z.string().min(1),
  STRIPE_WEBHOOK_SECRET: z.string().min(1),
  /** Empty for Stripe itself. */
  STRIPE_API_BASE: z.union([z.literal(''), z.url()]),
  ATTEMPT_SECONDS: seconds,
  PAYMENT_CHECK_SECONDS: seconds,
})
