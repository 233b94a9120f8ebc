import type Stripe from 'stripe'
import { found, type Work } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { token } from '../store/ids.ts'
import type { TaxTransaction } from '../store/objects.ts'
import { checkReference, listOf } from './transaction.ts'

export interface ReversalSpec {
  original: string
  mode: 'full' | 'partial'
  /** Negative, with taxes; of a partial reversal. */
  flatAmount: number | undefined
  reference: string
  metadata: Stripe.Metadata
}

type Taxed = { amount: number; amount_tax: number; tax_behavior: string }

/** With the taxes that are added to its amount. */
const grossOf = ({ amount, amount_tax, tax_behavior }: Taxed) =>
  amount + (tax_behavior === 'exclusive' ? amount_tax : 0)

/** What a transaction or a reversal amounts to, with taxes; negative for a reversal. */
function totalOf({ line_items, shipping_cost }: TaxTransaction): number {
  const parts: Taxed[] = [...line_items.data, ...(shipping_cost === null ? [] : [shipping_cost])]
  return parts.reduce((sum, part) => sum + grossOf(part), 0)
}

/**
 * Reverses a transaction, or undoes a partial reversal. As at Stripe, a full reversal does not see partial ones before it:
 * they have to be undone first.
 */
export function reverse(work: Work, spec: ReversalSpec): TaxTransaction {
  const { original: id, mode, flatAmount = 0, reference, metadata } = spec
  const missing = noSuch('tax transaction', id, 'original_transaction', 400)
  const original = found(work.store.find('tax.transaction', id), missing)
  checkReference(work, reference)
  checkReversible(work, original, mode)
  if (mode === 'partial' && -flatAmount > leftOf(work, original)) {
    throw invalidRequest('The amount to reverse exceeds what is left of the transaction.', { param: 'flat_amount' })
  }
  const reversal = newReversal(work, original, mode === 'full' ? -totalOf(original) : flatAmount)
  const stored: TaxTransaction = { ...reversal, reference, metadata }
  work.store.insert('tax.transaction', stored)
  return stored
}

const reversalsOf = (work: Work, id: string) =>
  work.store.all('tax.transaction').filter(({ reversal }) => reversal?.original_transaction === id)

/** What is left of a transaction after its reversals, those left out that were undone. */
function leftOf(work: Work, transaction: TaxTransaction): number {
  const reversals = reversalsOf(work, transaction.id)
  return reversals.reduce((left, reversal) => left + leftOf(work, reversal), totalOf(transaction))
}

/** A transaction is fully reversed once. Of reversals only partial ones can be reversed, and only fully. */
function checkReversible(work: Work, original: TaxTransaction, mode: ReversalSpec['mode']): void {
  const total = totalOf(original)
  const reversed = original.reversal?.original_transaction
  const before = reversed == null ? undefined : work.store.find('tax.transaction', reversed)
  const isFull = before !== undefined && totalOf(before) === -total
  const isReversed = reversalsOf(work, original.id).some((each) => totalOf(each) === -total)
  if (!isFull && !isReversed && !(before !== undefined && mode === 'partial')) return
  throw invalidRequest(`The transaction '${original.id}' cannot be reversed.`, { param: 'original_transaction' })
}

/** @param amount with taxes; divided over the lines and shipping in proportion, the last one gets the rest */
function newReversal(work: Work, original: TaxTransaction, amount: number): TaxTransaction {
  const total = totalOf(original)
  const id = `tax_1${token(23)}`
  let [left, weight] = [amount, total]
  const partOf = <T extends Taxed>(part: T): T => {
    const gross = grossOf(part)
    const share = weight === 0 ? 0 : Math.round((left * gross) / weight)
    left -= share
    weight -= gross
    const amount_tax = gross === 0 ? 0 : Math.round((share * part.amount_tax) / gross)
    return { ...part, amount: share - (part.tax_behavior === 'exclusive' ? amount_tax : 0), amount_tax }
  }
  const lines = original.line_items.data.map((line): Stripe.Tax.TransactionLineItem => {
    const reversal = { original_line_item: line.id }
    return { ...partOf(line), id: `tax_li_${token(14)}`, type: 'reversal', reversal }
  })
  return {
    ...{ ...original, id, created: work.now, posted_at: work.now, type: 'reversal', calculation: null },
    reversal: { original_transaction: original.id },
    line_items: listOf(id, lines),
    shipping_cost: original.shipping_cost && partOf(original.shipping_cost),
  }
}
