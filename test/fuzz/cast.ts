import { setTimeout as sleep } from 'node:timers/promises'
import type { Platform } from '@shop/testing/platform'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account, Shop } from '@shop/testing/shop'
import pMap from 'p-map'
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

export type Agency = {
  /**
   * Casts for sequences that run one after the other. Short ones share a cast, since signing up takes longer than they do.
   *
   * @param sent how many requests those sequences have sent
   */
  castsOf(sent: () => number): () => Promise<Cast>
  /** What no answer may contain. */
  secrets: string[]
}

/** More requests than one user may send in a minute come from all sequences together, so they share several. */
const ADMINS = 12
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

/** Signs up the callers of sequences. Their tokens outlive a long run. */
export async function startAgency({ signingKeys }: Platform, shop: Shop, requests: number): Promise<Agency> {
  const lasting = (token: string) => resigned(signingKeys, token, {}, { exp: inADay(), auth_time: inADay() })
  const count = Math.min(ADMINS, Math.max(2, Math.ceil(requests / 500)))
  const lastingly = async (signUp: () => Promise<Account>): Promise<Account> => {
    const account = await persistently(signUp)
    return { ...account, token: lasting(account.token) }
  }
  const admins = await pMap(Array.from({ length: count }), () => lastingly(shop.signUpAdmin), { concurrency: 2 })
  let casts = 0
  const newCast = async (): Promise<Cast> => {
    const [customer, stranger] = await Promise.all([lastingly(shop.signUp), lastingly(shop.signUp)])
    const admin = admins[casts++ % admins.length] as Account
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
    castsOf: (sent) => {
      let cast: Cast | undefined
      let since = 0
      return async () => {
        if (cast === undefined || sent() - since > REQUESTS_PER_CAST) {
          since = sent()
          cast = await newCast()
        }
        return cast
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

/** A sign-up is no part of a sequence, so a fault that was meant for one, or a busy machine, must not end the run. */
async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (n === TRIES) throw error
      await sleep(PAUSE_MS)
    }
  }
}
