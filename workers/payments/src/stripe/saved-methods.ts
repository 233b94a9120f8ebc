import type { UserId } from '@shop/kernel/ids'
import Stripe from 'stripe'
import type { SavedMethod } from '../saved-methods/domain/saved-method.ts'
import { unlessFailed } from './answers.ts'

/** More than a customer saves; Stripe returns 100 a page. */
const MAX_METHODS = 500
const PAGE_SIZE = 100

export type StripeMethods = ReturnType<typeof stripeMethods>

/** Customers and their saved cards, which Stripe keeps. Every call answers undefined when Stripe does not. */
export const stripeMethods = (stripe: Stripe) => ({
  /** Creates the Stripe customer of a user; with the same key, only once. */
  createCustomer: ({ userId, key }: { userId: UserId; key: string }): Promise<string | undefined> =>
    unlessFailed(async () => {
      const { id } = await stripe.customers.create({ metadata: { user_id: userId } }, { idempotencyKey: key })
      return id
    }),

  /** Deletes a customer with its saved cards. False when there was none any more. */
  deleteCustomer: (customerId: string): Promise<boolean | undefined> =>
    unlessFailed(async () => (await unlessRefused(() => stripe.customers.del(customerId))) !== undefined),

  /** Newest first. */
  list: (customerId: string): Promise<SavedMethod[] | undefined> =>
    unlessFailed(async () => {
      const listed = stripe.customers.listPaymentMethods(customerId, { limit: PAGE_SIZE })
      const methods = await listed.autoPagingToArray({ limit: MAX_METHODS })
      return methods.flatMap((method) => readMethod(method) ?? [])
    }),

  /** The customer who has saved the method; null when nobody has, or there is no such method. */
  ownerOf: (methodId: string): Promise<string | null | undefined> =>
    unlessFailed(async () => {
      const method = await unlessRefused(() => stripe.paymentMethods.retrieve(methodId))
      const customer = method?.customer ?? null
      return typeof customer === 'string' ? customer : (customer?.id ?? null)
    }),

  /** False when the method was not saved any more. */
  remove: (methodId: string): Promise<boolean | undefined> =>
    unlessFailed(async () => (await unlessRefused(() => stripe.paymentMethods.detach(methodId))) !== undefined),
})

/** @returns undefined when Stripe says that there is no such thing, or that it is in another state */
async function unlessRefused<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return undefined
    throw error
  }
}

/** Only cards are saved here. */
function readMethod({ id, card }: Stripe.PaymentMethod): SavedMethod | undefined {
  if (card === undefined) return undefined
  const { brand, last4, exp_month: expMonth, exp_year: expYear, fingerprint = null } = card
  return { id, brand, last4, expMonth, expYear, fingerprint }
}
