import Stripe from 'stripe'
import { fromChargeAmount } from '../domain/charge.ts'
import type { IntentInBooks, Stretch, StripeBooks } from '../ports/books.ts'
import { toIntent } from './intent.ts'
import { toRefundReport } from './refund.ts'

/** More refunds than a payment can have that anybody makes by hand. */
const REFUNDS_AT_MOST = 100

export function stripeBooks(stripe: Stripe): StripeBooks {
  return {
    refundsOf: (intentId) =>
      answered(async () => {
        const { data } = await stripe.refunds.list({ payment_intent: intentId, limit: REFUNDS_AT_MOST })
        return read(data, toRefundReport)
      }),
    intents: (stretch) =>
      answered(async () => {
        const expand = ['data.latest_charge']
        return page(await stripe.paymentIntents.list({ ...params(stretch), expand }), toIntentInBooks)
      }),
    refunds: (stretch) => answered(async () => page(await stripe.refunds.list(params(stretch)), toRefundReport)),
  }
}

function params({ from, until, after, limit }: Stretch): Stripe.PaymentIntentListParams & Stripe.RefundListParams {
  const created = { gte: seconds(from), lt: seconds(until) }
  return { created, limit, ...(after === null ? {} : { starting_after: after }) }
}

function page<T extends { id: string }, R>({ data, has_more }: Stripe.ApiList<T>, view: (object: T) => R | null) {
  return { found: read(data, view), last: has_more ? (data.at(-1)?.id ?? null) : null }
}

function toIntentInBooks(found: Stripe.PaymentIntent): IntentInBooks | null {
  const intent = toIntent(found)
  if (intent === null) return null
  const charge = typeof found.latest_charge === 'string' ? null : found.latest_charge
  const minor = charge?.captured ? charge.amount_refunded : 0
  return { ...intent, refunded: fromChargeAmount({ minor, currency: intent.currency }) }
}

/** What this shop never asks for is left out. */
function read<T, R>(objects: T[], view: (object: T) => R | null): R[] {
  return objects.flatMap((object) => view(object) ?? [])
}

/** @returns undefined when Stripe did not answer, or not to the point */
export async function answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    return undefined
  }
}

const seconds = (instant: Date) => Math.floor(instant.getTime() / 1_000)
