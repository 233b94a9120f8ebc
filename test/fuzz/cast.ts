import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '@shop/testing/client'
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
  /** Signs in again whoever of the cast was signed out. Undefined when the account of its customer was erased. */
  again(): Promise<Cast | undefined>
}

type Member = 'customer' | 'stranger' | 'admin'
type Members = Record<Member, Account>

/** Casts for sequences that run one after the other. Short ones share a cast, since signing up takes longer than they do. */
export type Casting = {
  cast(): Promise<Cast>
  /** Tells that somebody of the present cast was signed out, or demoted. */
  renew(): void
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
/** Few enough for the limits per user. Making a cast takes as long as some hundred requests. */
const REQUESTS_PER_CAST = 500
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
  const signUps = { customer: shop.signUp, stranger: shop.signUp, admin: shop.signUpAdmin }
  const signUp = (caller: Member) => persistently(() => lastingly(signUps[caller]))
  const newMembers = async (): Promise<Members> => {
    const customer = await signUp('customer')
    const stranger = await signUp('stranger')
    return { customer, stranger, admin: await signUp('admin') }
  }
  const newBelongings = async ({ customer, admin }: Members): Promise<Given[]> => {
    const products = await Promise.all(
      CURRENCIES.map((currency) => persistently(() => shop.addProduct(admin, { ...STOCKED, currency }))),
    )
    const [product] = products
    if (product === undefined) throw new Error('There are no products')
    const sized = await persistently(() => shop.addProduct(admin, { ...SIZED, variants: sizedVariants() }))
    const made = await persistently(() => prologue(shop, { customer, admin, product, sized }))
    return [...made, ...[...products, sized].map(knownToAll)]
  }
  /** Signs in again whom a sequence has signed out. Undefined for an account that is gone, demoted or has another password. */
  const present = async (caller: Member, account: Account): Promise<Account | undefined> => {
    const isItself = ({ status, body }: Reply) =>
      status === 200 && body.user !== undefined && (caller !== 'admin' || body.user.role === 'admin')
    if (isItself(await shop.request('GET', '/api/users/profile', { token: account.token }))) return account
    const { email, password } = account
    const signedIn = await shop.request('POST', '/api/users/login', { body: { email, password } })
    return isItself(signedIn) ? { ...account, token: lasting(signedIn.body.token) } : undefined
  }
  const castOf = async (members: Members, given: Given[]): Promise<Cast> => {
    const { customer, stranger, admin } = members
    const accounts = { ...members, guest: undefined, forger: undefined }
    const forged = Object.values(FORGERIES).map((forge) => forge(customer.token, signingKeys))
    return {
      tokenOf: (caller, pick) => (caller === 'forger' ? forged[pick % forged.length] : accounts[caller]?.token),
      accountOf: (caller) => accounts[caller]?.user.id,
      given,
      credentials: await Promise.all(
        (['customer', 'stranger'] as const).map(async (caller) => {
          const { email, password } = accounts[caller]
          // Of a session of its own: the sequence that ends it goes on with its access token.
          const body = { email, password }
          const signedIn = await persistently(() => shop.request('POST', '/api/users/login', { body }))
          return { caller, ...body, refresh_token: signedIn.body.refresh_token }
        }),
      ),
      again: async () => {
        const owner = await present('customer', customer)
        // What was made belongs to the customer.
        if (owner === undefined) return undefined
        const [other, staff] = await Promise.all([present('stranger', stranger), present('admin', admin)])
        return castOf(
          {
            customer: owner,
            stranger: other ?? (await signUp('stranger')),
            admin: staff ?? (await signUp('admin')),
          },
          given,
        )
      },
    }
  }
  let made: Promise<unknown> = Promise.resolve()
  /** One after the other: on a busy machine, hashing many passwords at once takes longer than a request may. */
  const newCast = (): Promise<Cast> => {
    const cast = made.then(async () => {
      const members = await newMembers()
      return castOf(members, await newBelongings(members))
    })
    made = cast.catch(() => undefined)
    return cast
  }
  return {
    secrets: (JSON.parse(signingKeys) as JsonWebKey[]).flatMap(({ d }) => d ?? []),
    castingFor: (sent) => {
      let cast: Cast | undefined
      let since = 0
      let isComplete = true
      return {
        cast: async () => {
          if (cast !== undefined && !isComplete) cast = await persistently(cast.again, CASTS)
          if (cast === undefined || sent() - since > REQUESTS_PER_CAST) {
            since = sent()
            // Another sequence may demote the administrator while the cast is made.
            cast = await persistently(newCast, CASTS)
          }
          isComplete = true
          return cast
        },
        renew: () => {
          isComplete = false
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
