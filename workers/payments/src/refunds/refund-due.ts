import type { EventPayload } from '@shop/contracts/events/catalogue'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId, RefundId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'
import type { Refund } from './domain/refund.ts'
import { type ExecuteDeps, executeParts } from './execute-refund.ts'
import { partIds } from './internal/part-ids.ts'

export type DueDeps = ExecuteDeps & ReportDeps & Pick<PaymentsDeps, 'ledger'>

/**
 * A refund that orders owes. `storeCredit`: the part of `amount` that an exchange has already issued as a gift card. Amounts in minor
 * units.
 */
export type RefundDue = Omit<EventPayload<'order.refund_due'>, 'orderId' | 'refundId' | 'currency'> & {
  orderId: OrderId
  refundId: RefundId
  currency: CurrencyCode
}

/** The reasons of the refunds, as customers see them. */
const REASONS = { request: 'requested_by_staff', edit: 'order_edited', exchange: 'items_exchanged' } as const

/**
 * Makes the refund that orders owes for an edit or an exchange, from the payments of the order: the newest first, gift cards last. Once
 * it is reserved, the sweep completes it. If other refunds have left less than is due, the rest is refunded and the shortage is listed
 * with the discrepancies (`refund_short`).
 *
 * @returns false while orders has not confirmed the capture of a payment of the order, whose money may be needed
 */
export async function refundDue(deps: DueDeps, due: RefundDue): Promise<boolean> {
  const { orderId, refundId, amount, storeCredit, origin } = due
  const payments = await deps.payments.ofOrder(orderId)
  const now = deps.now()
  const made = await deps.refunds.reserveDue({
    // One payment may have two parts: one for the store credit, and one for the rest.
    ids: await partIds(refundId, payments.length * 2),
    ...{ orderId, paymentId: null, amount, given: storeCredit },
    reason: REASONS[origin],
    actor: { kind: 'system' },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  })
  if (made === 'not_yet') return false
  if (sumOf(made) < amount) await reportShortage(deps, due, made)
  if (made.length === 0) return (await deps.orders.releaseRefunds([{ orderId, refundId }])).ok
  await executeParts(deps, made)
  return true
}

/** Lists the shortage for staff, and books store credit that no payment covers as an expense. */
async function reportShortage(deps: DueDeps, due: RefundDue, made: Refund[]): Promise<void> {
  const { refundId, amount, storeCredit, currency } = due
  const overdrawn = storeCredit - sumOf(made.filter(({ destination }) => destination === 'given'))
  if (overdrawn > 0) {
    await deps.ledger.book('refund_overdrawn', {
      about: refundId,
      amount: overdrawn,
      currency,
      at: deps.now(),
      refundId,
    })
  }
  const shop = `${toMajor(sumOf(made), currency)} of ${toMajor(amount, currency)} ${currency}`
  const paymentId = made[0]?.paymentId ?? null
  await reportDiscrepancy(deps, { kind: 'refund_short', subject: refundId, paymentId, stripe: null, shop })
}

const sumOf = (refunds: Refund[]) => refunds.reduce((sum, { amount }) => sum + amount, 0)
