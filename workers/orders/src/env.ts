import { z } from 'zod'

const seconds = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/, 'must be whole seconds')
  .transform(Number)

/** At least 128 bits, if it was made at random; an HMAC key is best as long as its hash. */
const secret = z.string().min(32)

/** The settings of the worker; bindings to services and queues come from its types. */
export const OrdersSettings = z.object({
  ORDERS_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NEON_FETCH_ENDPOINT: z.string(),
  HOLD_SECONDS: seconds,
  HOLD_GRACE_SECONDS: seconds,
  ORDER_TOKEN_SECRET: secret,
  /** The secret of before, while tokens made with it are still about. */
  ORDER_TOKEN_SECRET_OLD: secret.optional(),
})
