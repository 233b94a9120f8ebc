import type { CurrencyCode } from '@shop/kernel/currencies'
import { toStripeAmount } from '@shop/kernel/stripe-amount'
import type Stripe from 'stripe'
import type { TaxCall, TaxRecordAnswer } from '../taxes/domain/tax-record.ts'
import { taxAnswer } from './answers.ts'

export type StripeTaxes = ReturnType<typeof stripeTaxes>

/**
 * Transactions of Stripe Tax. Each call may be repeated: it carries a key, and Stripe takes each reference once.
 *
 * Source: https://docs.stripe.com/tax/custom, https://docs.stripe.com/api/tax/transactions/create_reversal
 */
export const stripeTaxes = (stripe: Stripe) => ({
  async make(call: TaxCall, currency: CurrencyCode): Promise<TaxRecordAnswer> {
    const { reference, key: idempotencyKey } = call
    if (call.call === 'record') {
      const params = { calculation: call.calculationId, reference }
      return taxAnswer(() => stripe.tax.transactions.createFromCalculation(params, { idempotencyKey }))
    }
    const params = { original_transaction: call.originalId, reference }
    if (call.amount === 'all') {
      return taxAnswer(() => stripe.tax.transactions.createReversal({ ...params, mode: 'full' }, { idempotencyKey }))
    }
    const amount = toStripeAmount({ minor: call.amount, currency })
    if (!amount.ok) return { kind: 'refused', reason: amount.failure.code }
    const part = { ...params, mode: 'partial', flat_amount: -amount.value } as const
    return taxAnswer(() => stripe.tax.transactions.createReversal(part, { idempotencyKey }))
  },
})
