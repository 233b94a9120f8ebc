import type { SavedMethod } from '@shop/contracts'
import Stripe from 'stripe'
import type { Wallet } from '../ports/wallet.ts'
import { answered } from './books.ts'

const METHODS_AT_MOST = 100

export function stripeWallet(stripe: Stripe): Wallet {
  return {
    createCustomer: ({ userId, key }) =>
      answered(async () => {
        const { id } = await stripe.customers.create({ metadata: { user_id: userId } }, { idempotencyKey: key })
        return id
      }),
    list: (customerId) =>
      answered(async () => {
        const { data } = await stripe.customers.listPaymentMethods(customerId, { limit: METHODS_AT_MOST })
        return data.flatMap((method) => toSavedMethod(method) ?? [])
      }),
    ownerOf: (methodId) =>
      answered(async () => {
        const method = await unlessRefused(() => stripe.paymentMethods.retrieve(methodId))
        const customer = method?.customer ?? null
        return typeof customer === 'string' ? customer : (customer?.id ?? null)
      }),
    remove: (methodId) =>
      answered(async () => (await unlessRefused(() => stripe.paymentMethods.detach(methodId))) !== undefined),
  }
}

/** @returns undefined for what Stripe says there is not, or is not so */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return undefined
    throw error
  }
}

/** Only cards are saved here. */
function toSavedMethod({ id, card }: Stripe.PaymentMethod): SavedMethod | undefined {
  return card && { id, brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year }
}
