import { MAX_MINOR } from '@shop/kernel/money'
import { isStorable } from '@shop/kernel/text'
import { z } from 'zod'

/**
 * The parts of Stripe's objects that the shop reads from events. An event has the shape of its endpoint's API version, which
 * may be older or newer than the one of this code.
 */

const LAST_SECOND = 253_402_300_799

/** Ids are sent back to Stripe, and stored. */
export const StripeId = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/)
/** Seconds since 1970, in years that Postgres and JavaScript can both write. */
export const Epoch = z.int().min(0).max(LAST_SECOND)

const Word = z.string().min(1).max(500).refine(isStorable)
const Minor = z.int().min(0).max(MAX_MINOR)
const Reference = z.union([StripeId, z.looseObject({ id: StripeId })]).nullish()
const Metadata = z.looseObject({ payment_id: z.string().optional(), refund_id: z.string().optional() }).nullish()

export const SHAPES = {
  payment_intent: z.looseObject({
    id: StripeId,
    amount: Minor,
    amount_received: Minor.nullish(),
    currency: Word,
    status: Word,
    client_secret: Word.nullish(),
    metadata: Metadata,
    last_payment_error: z
      .looseObject({ code: Word.nullish(), decline_code: Word.nullish(), charge: StripeId.nullish() })
      .nullish(),
  }),
  charge: z.looseObject({
    payment_intent: Reference,
    currency: Word,
    captured: z.boolean(),
    amount_refunded: Minor,
  }),
  refund: z.looseObject({
    id: StripeId,
    payment_intent: Reference,
    amount: Minor,
    currency: Word,
    status: Word.nullable(),
    failure_reason: Word.nullish(),
    metadata: Metadata,
  }),
  dispute: z.looseObject({
    id: StripeId,
    payment_intent: Reference,
    amount: Minor.min(1),
    currency: Word,
    reason: Word,
    status: Word,
    created: Epoch,
    evidence_details: z.looseObject({ due_by: Epoch.nullable() }),
    balance_transactions: z.array(z.looseObject({ amount: z.number() })),
  }),
}
