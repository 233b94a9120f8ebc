import { ACCOUNT_LIMITS } from './account-limits.ts'
import type { Limit } from './limit.ts'

/**
 * Every limit of the shop. Cloudflare's rate limiter keeps those of load, which wrangler.toml repeats (its period can be
 * 10 or 60 s): each data centre counts by itself. Objects of the users worker keep the others, exactly, but for one that
 * orders keeps.
 *
 * A client address is an IPv4 address or an IPv6 network: for load one of 64 bits, and above it the limit `network`; for
 * orders, payments and the exact limits one of 48 bits, which is the most that one site has.
 */
export const LIMITS = {
  address: {
    name: 'address',
    per: 'client address',
    counts: 'requests',
    quota: 600,
    windowSeconds: 60,
    operations: 'everything but showHealth, preflights of browsers and deliveries of Stripe',
  },
  network: {
    name: 'network',
    per: 'IPv6 network of 48 bits',
    counts: 'requests',
    quota: 1_200,
    windowSeconds: 60,
    operations: 'the same, from all its addresses together',
  },
  /**
   * Stripe takes 100 requests a second from a shop, and a payment has a handful of events. So this is more than Stripe
   * ever delivers, even from one address.
   */
  webhook: {
    name: 'webhook',
    per: 'client address',
    counts: 'requests',
    quota: 30_000,
    windowSeconds: 60,
    operations: 'receiveStripeWebhook with a signature',
  },
  user: {
    name: 'user',
    per: 'user with a verified access token',
    counts: 'requests',
    quota: 600,
    windowSeconds: 60,
    operations: 'everything that takes an access token',
  },
  /** A page has its key for everybody to read, so no single address may use up what all its shoppers have. */
  storefrontAddress: {
    name: 'storefront-address',
    per: 'publishable key and client address',
    counts: 'requests',
    quota: 300,
    windowSeconds: 60,
    operations: 'everything that takes a publishable key',
  },
  storefront: {
    name: 'storefront',
    per: 'publishable key',
    counts: 'requests',
    quota: 30_000,
    windowSeconds: 60,
    operations: 'the same, from all addresses together',
  },
  payment: {
    name: 'payment',
    per: 'user, or order token of a guest,',
    counts: 'requests',
    quota: 120,
    windowSeconds: 60,
    operations: 'startPayment',
  },
  order: {
    name: 'order',
    per: 'user',
    counts: 'requests',
    quota: 240,
    windowSeconds: 60,
    operations: 'placeOrder',
  },
  orderAddress: {
    name: 'order-address',
    per: 'client address',
    counts: 'requests',
    quota: 120,
    windowSeconds: 60,
    operations: 'placeOrder',
  },
  orderTokenAddress: {
    name: 'order-token-address',
    per: 'client address',
    counts: 'requests',
    quota: 60,
    windowSeconds: 60,
    operations: 'requestOrderToken',
  },
  /** Kept by orders, exactly. A request beyond it gets the same answer, and no mail. */
  orderTokenMail: {
    name: 'order-token-mail',
    per: 'order and e-mail address',
    counts: 'requests',
    quota: 5,
    windowSeconds: 3_600,
    operations: 'requestOrderToken, whose further requests lead to no mail',
  },
  /** The same for all orders of an address together: a stranger may place any number with it, and cancel them. */
  orderTokenMailEmail: {
    name: 'order-token-mail-email',
    per: 'e-mail address',
    counts: 'requests',
    quota: 20,
    windowSeconds: 3_600,
    operations: 'requestOrderToken, whose further requests lead to no mail',
  },
  /** Counted by orders, exactly: one for each code in a request. */
  giftCardCode: {
    name: 'gift-card-code',
    per: 'client address',
    counts: 'requests',
    quota: 60,
    windowSeconds: 3_600,
    operations: 'lookUpGiftCard, addCartGiftCard, and placeOrder with codes of gift cards',
  },
  liveTicketAddress: {
    name: 'live-ticket-address',
    per: 'client address',
    counts: 'requests',
    quota: 120,
    windowSeconds: 60,
    operations: 'createLiveTicket',
  },
  cartAddress: {
    name: 'cart-address',
    per: 'client address',
    counts: 'requests',
    quota: 60,
    windowSeconds: 60,
    operations: 'createCart',
  },
  cartWriteAddress: {
    name: 'cart-write-address',
    per: 'client address',
    counts: 'requests',
    quota: 300,
    windowSeconds: 60,
    operations: 'every change of a cart',
  },
  paymentOrder: {
    name: 'payment-order',
    per: 'order',
    counts: 'requests',
    quota: 60,
    windowSeconds: 60,
    operations: 'startPayment',
  },
  paymentAddress: {
    name: 'payment-address',
    per: 'client address',
    counts: 'requests',
    quota: 300,
    windowSeconds: 60,
    operations: 'startPayment',
  },
  ...ACCOUNT_LIMITS,
} as const satisfies Record<string, Limit>

/** The remaining quota of a client. */
export type LimitStatus = {
  limit: Limit
  isAllowed: boolean
  /** Requests left in this window. */
  remaining: number
  resetsAt: Date
}

/** The least quota per address in a local shop, where all tests and all load come from one address. */
const LOCAL_PER_MINUTE = 600

/** A limit in a local shop: raised where it is per address; per account it is the same as in production. */
export function raisedLocally(limit: Limit): Limit {
  if (limit.per !== LIMITS.address.per) return limit
  return { ...limit, quota: Math.max(limit.quota, (LOCAL_PER_MINUTE * limit.windowSeconds) / 60) }
}

/** For the description of an operation. */
export function describeLimits(...limits: Limit[]): string {
  return `Limited to ${limits.map(describeLimit).join(', and to ')}.`
}

/** As a phrase: `10 failures per e-mail address in an hour`. */
export function describeLimit({ quota, counts, windowSeconds, per, firstDelaySeconds }: Limit): string {
  const further = firstDelaySeconds === undefined ? '' : ' before delays that grow'
  return `${quota} ${counts} per ${per} in ${seconds(windowSeconds)}${further}`
}

function seconds(count: number): string {
  if (count === 60) return 'a minute'
  if (count === 3_600) return 'an hour'
  return count % 60 === 0 ? `${count / 60} minutes` : `${count} seconds`
}
