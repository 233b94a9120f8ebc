import { setTimeout as sleep } from 'node:timers/promises'
import type { Platform } from '@shop/testing/platform'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account, Shop } from '@shop/testing/shop'
import { FORGERIES, resigned } from '../support/forgeries.ts'
import { EVERYBODY } from './memory.ts'
import { type Given, prologue } from './prologue.ts'

/** `guest` is anonymous too, and calls the operations that an order's token opens. */
export const CALLERS = ['customer', 'stranger', 'admin', 'guest', 'forger'] as const
export type CallerKind = (typeof CALLERS)[number]

/** Who takes part in one sequence: customers of its own, an administrator, guests, and people with forged tokens. */
export type Cast = {
  /** @param pick which forgery */
  tokenOf(caller: CallerKind, pick: number): string | undefined
  /** How ownership knows a caller; undefined for those who have no account. */
  accountOf(caller: CallerKind): string | undefined
  /** What they know from the beginning. */
  given: Given[]
  /** What the customers sign in with. */
  credentials: { caller: CallerKind; email: string; password: string; refresh_token: string }[]
}

/** Casts for sequences that run one after the other. Short ones share a cast, since signing up takes longer than they do. */
export type Casting = {
  cast(): Promise<Cast>
  /** Ends the present cast after its sequence: somebody of it was signed out. */
  replace(): void
}

export type Agency = {
  /** @param sent how many requests the sequences of the casting have sent */
  castingFor(sent: () => number): Casting
  /** What no answer may contain. */
  secrets: string[]
}

const STOCKED = { price: 25, stock_quantity: 1_000_000 }
/** Of known products. Those of other currencies are made by the sequences. */
const CURRENCIES = ['USD', 'USD', 'USD', 'JPY']
/** With variants that can be deleted, and sizes that can be added. */
const SIZED = {
  price: undefined,
  stock_quantity: undefined,
  options: [{ name: 'size', values: ['S', 'M', 'L', 'XL'] }],
}
const sizedVariants = () => ['S', 'M'].map((size) => ({ options: { size }, price: 25, stock_quantity: 1_000 }))
/** Few enough for the limits per user. */
const REQUESTS_PER_CAST = 200
const inADay = () => Math.floor(Date.now() / 1_000) + 86_400

/**
 * Signs up the callers of sequences. Their tokens outlive a long run. Each cast has an administrator of its own, since
 * sequences sign out and demote whom they know.
 */
export function startAgency({ signingKeys }: Platform, shop: Shop): Agency {
  const lasting = (token: string) => resigned(signingKeys, token, {}, { exp: inADay(), auth_time: inADay() })
  const lastingly = async (signUp: () => Promise<Account>): Promise<Account> => {
    const account = await signUp()
    return { ...account, token: lasting(account.token) }
  }
  const newCast = async (): Promise<Cast> => {
    const [customer, stranger, admin] = await Promise.all(
      [shop.signUp, shop.signUp, shop.signUpAdmin].map((signUp) => persistently(() => lastingly(signUp))),
    )
    if (customer === undefined || stranger === undefined || admin === undefined) throw new Error('Nobody signed up')
    const products = await Promise.all(
      CURRENCIES.map((currency) => persistently(() => shop.addProduct(admin, { ...STOCKED, currency }))),
    )
    const [product] = products
    if (product === undefined) throw new Error('There are no products')
    const made = await persistently(() => prologue(shop, { customer, admin, product }))
    const sized = await persistently(() => shop.addProduct(admin, { ...SIZED, variants: sizedVariants() }))
    const accounts = { customer, stranger, admin, guest: undefined, forger: undefined }
    const forged = Object.values(FORGERIES).map((forge) => forge(customer.token, signingKeys))
    return {
      tokenOf: (caller, pick) => (caller === 'forger' ? forged[pick % forged.length] : accounts[caller]?.token),
      accountOf: (caller) => accounts[caller]?.user.id,
      given: [...made, ...[...products, sized].map(knownToAll)],
      credentials: await Promise.all(
        (['customer', 'stranger'] as const).map(async (caller) => {
          const { email, password } = accounts[caller]
          // Of a session of its own: the sequence that ends it goes on with its access token.
          const body = { email, password }
          const signedIn = await persistently(() => shop.request('POST', '/api/users/login', { body }))
          return { caller, ...body, refresh_token: signedIn.body.refresh_token }
        }),
      ),
    }
  }
  return {
    secrets: (JSON.parse(signingKeys) as JsonWebKey[]).flatMap(({ d }) => d ?? []),
    castingFor: (sent) => {
      let cast: Cast | undefined
      let since = 0
      return {
        cast: async () => {
          if (cast === undefined || sent() - since > REQUESTS_PER_CAST) {
            since = sent()
            // Another sequence may demote the administrator while the cast is made.
            cast = await persistently(newCast, CASTS)
          }
          return cast
        },
        replace: () => {
          cast = undefined
        },
      }
    },
  }
}

const knownToAll = ({ id, variants }: ProductBody): Given => ({
  caller: EVERYBODY,
  parts: [
    { product: { id, ...(variants.length > 1 && { variants: variants.map((variant) => ({ id: variant.id })) }) } },
  ],
})

/** Longer than a rate limit lasts, which a fast machine reaches. */
const TRIES = 90
const PAUSE_MS = 1_000
const CASTS = 3

/** A sign-up is no part of a sequence, so a fault that was meant for one, or a busy machine, must not end the run. */
async function persistently<T>(attempt: () => Promise<T>, tries = TRIES): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (n === tries) throw error
      await sleep(PAUSE_MS)
    }
  }
}
