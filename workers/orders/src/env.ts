import { InvocationSettings } from '@shop/http/invocation'
import { ObjectSettings } from '@shop/http/objects'
import { z } from 'zod'

const seconds = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/, 'must be whole seconds')
  .transform(Number)

/** A cap on what one buyer may hold unpaid. */
const cap = z
  .string()
  .regex(/^[1-9][0-9]{0,8}$/, 'must be a whole number above 0')
  .transform(Number)

/** At least 128 bits when generated at random. An HMAC key is best as long as its hash. */
const secret = z.string().min(32)

/** The worker's settings. Bindings to services and queues are typed by `wrangler types`. */
export const OrdersSettings = z
  .object({
    ORDERS_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    NEON_FETCH_ENDPOINT: z.string(),
    HOLD_SECONDS: seconds,
    HOLD_GRACE_SECONDS: seconds,
    GUEST_HOLD_SECONDS: seconds,
    GUEST_MAX_OPEN_ORDERS: cap,
    GUEST_MAX_HELD_UNITS: cap,
    CUSTOMER_MAX_OPEN_ORDERS: cap,
    CUSTOMER_MAX_HELD_UNITS: cap,
    ADDRESS_MAX_HELD_UNITS: cap,
    /** Of the REST interface of VIES; empty for a shop that does not ask whether VAT ids are registered. */
    VIES_URL: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
    ADDRESS_LIMITS: z.enum(['strict', 'raised']),
    /** Until a card that is bought expires; empty for never. */
    GIFT_CARD_DAYS: z.union([
      z.literal('').transform(() => null),
      z
        .string()
        .regex(/^[1-9][0-9]{0,4}$/, 'must be whole days')
        .transform(Number),
    ]),
    /** After so long without a change a cart is announced as abandoned. */
    CART_ABANDONED_SECONDS: seconds,
    /** How long customers may return what they got. */
    RETURN_WINDOW_DAYS: z
      .string()
      .regex(/^[0-9]{1,4}$/, 'must be whole days')
      .transform(Number),
    /** Why they may return it: names, with commas between them. */
    RETURN_REASONS: z
      .string()
      .regex(/^[a-z0-9_]{1,50}(,[a-z0-9_]{1,50})*$/, 'must be names of small letters, with commas between them')
      .transform((text) => text.split(',')),
    /** Tax is rounded on each line, or on all lines with the same taxes together. */
    TAX_ROUNDING: z.enum(['line', 'order']),
    /** Who calculates tax: the shop's own table of rates, or Stripe Tax, which needs its key. */
    TAX_PROVIDER: z.enum(['rates', 'stripe']),
    /** When Stripe Tax is away: the own table, or no orders. */
    TAX_FALLBACK: z.enum(['rates', 'refuse']),
    STRIPE_TAX_KEY: z.string().min(1).optional(),
    /** Empty for Stripe itself. */
    STRIPE_API_BASE: z.union([z.literal(''), z.url()]),
    /** What an order with something to ship needs: `address`, `address,shipping`, or empty for nothing. */
    CHECKOUT_REQUIRES: z.enum(['', 'address', 'address,shipping']).transform((text) => ({
      address: text !== '',
      shipping: text === 'address,shipping',
    })),
    ORDER_TOKEN_SECRET: secret,
    /** Previous secret, accepted during rotation. */
    ORDER_TOKEN_SECRET_OLD: secret.optional(),
    ...ObjectSettings.shape,
    ...InvocationSettings.shape,
  })
  .refine(({ TAX_PROVIDER, STRIPE_TAX_KEY }) => TAX_PROVIDER !== 'stripe' || STRIPE_TAX_KEY !== undefined, {
    path: ['STRIPE_TAX_KEY'],
  })
