/** A quota per window. `name` is what the RateLimit headers call it. */
export type Limit = {
  name: string
  per: string
  /** Attempts, or only those that failed. */
  counts: 'requests' | 'failures'
  quota: number
  windowSeconds: number
  /** Beyond the quota, one attempt at a time after a delay: this one first, then twice as long after each failure. */
  firstDelaySeconds?: number
  operations: string
}

/**
 * Every limit of the shop. Cloudflare's rate limiter keeps those of load, which wrangler.toml repeats (its period can be
 * 10 or 60 s): each data centre counts by itself. Objects of the users worker keep the others, exactly.
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
  /** Against guesses at many accounts. */
  signIn: {
    name: 'sign-in',
    per: 'client address',
    counts: 'failures',
    quota: 30,
    windowSeconds: 600,
    operations: 'loginUser, loginWithFactor, loginWithPasskey and stepUp',
  },
  /** A device is known to an account that it has signed in to before. */
  signInFailures: {
    name: 'sign-in-failures',
    per: 'account and client address, or known device,',
    counts: 'failures',
    quota: 5,
    windowSeconds: 3_600,
    firstDelaySeconds: 15,
    operations: 'loginUser, loginWithFactor and stepUp',
  },
  accountFailures: {
    name: 'account-failures',
    per: 'account from all unknown devices',
    counts: 'failures',
    quota: 20,
    windowSeconds: 3_600,
    operations: 'loginUser, loginWithFactor and stepUp',
  },
  registration: {
    name: 'registration',
    per: 'client address',
    counts: 'requests',
    quota: 20,
    windowSeconds: 3_600,
    operations: 'registerUser',
  },
  registrationEmail: {
    name: 'registration-email',
    per: 'e-mail address',
    counts: 'requests',
    quota: 10,
    windowSeconds: 3_600,
    operations: 'registerUser',
  },
  accountMail: {
    name: 'account-mail',
    per: 'client address',
    counts: 'requests',
    quota: 20,
    windowSeconds: 3_600,
    operations: 'requestVerification, requestPasswordReset and changeEmail',
  },
  /** The same for addresses with and without an account; each operation by itself. */
  accountMailEmail: {
    name: 'account-mail-email',
    per: 'e-mail address',
    counts: 'requests',
    quota: 5,
    windowSeconds: 3_600,
    operations: 'requestVerification, requestPasswordReset and changeEmail, each',
  },
  emailChange: {
    name: 'email-change',
    per: 'account',
    counts: 'requests',
    quota: 10,
    windowSeconds: 3_600,
    operations: 'changeEmail',
  },
  /** Changes by what only the owner knows: a password, or the token of a mail. Each may cost a password hash. */
  credentialChange: {
    name: 'credential-change',
    per: 'client address',
    counts: 'requests',
    quota: 30,
    windowSeconds: 60,
    operations: 'changePassword, changeEmail, confirmEmail, confirmVerification and confirmPasswordReset',
  },
  /** Somebody who found a device signed in must not guess the password of its owner. */
  passwordFailures: {
    name: 'password-failures',
    per: 'account',
    counts: 'failures',
    quota: 10,
    windowSeconds: 900,
    operations: 'changePassword and changeEmail',
  },
  /** What a customer may take away is a lot of reading for every worker. */
  dataExport: {
    name: 'data-export',
    per: 'account',
    counts: 'requests',
    quota: 5,
    windowSeconds: 3_600,
    operations: 'exportAccount',
  },
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
