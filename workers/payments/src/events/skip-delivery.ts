import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { Consumer } from '@shop/contracts/events/define'
import { isCurrencyCode } from '@shop/kernel/currencies'
import { isId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import type { PaymentsDeps } from '../deps.ts'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'

type SkipDeps = ReportDeps & Pick<PaymentsDeps, 'events' | 'payments'>
type OneDelivery = { eventId: number; consumer: Consumer; now: Date }

/**
 * Gives a delivery up. Skipping `payment.captured` to orders leaves money of which no order will know, so it is first listed
 * for staff: a person has to refund it, or to complete the order.
 *
 * @returns false when there is no such delivery, or it is over
 */
export async function skipDelivery(deps: SkipDeps, one: OneDelivery): Promise<boolean> {
  const event = await findOpen(deps, one)
  if (one.consumer === 'orders' && event?.type === 'payment.captured') await reportSkipped(deps, event)
  return deps.events.skip(one)
}

/** The event of a delivery that is not over. */
async function findOpen({ events }: SkipDeps, { eventId, consumer }: OneDelivery): Promise<ShopEvent | undefined> {
  const [event] = await events.list({ consumer, after: { sortKey: '', id: String(eventId + 1) }, limit: 1 })
  const delivery = event?.deliveries.find((each) => each.consumer === consumer)
  return event?.id === eventId && delivery?.confirmedAt === undefined ? event : undefined
}

async function reportSkipped(deps: SkipDeps, { payload }: ShopEvent<'payment.captured'>): Promise<void> {
  const { paymentId, capturedAmount, currency } = payload
  if (!isId('payment', paymentId) || !isCurrencyCode(currency)) throw new Error(`Malformed event of ${paymentId}`)
  const payment = await deps.payments.find(paymentId)
  await reportDiscrepancy(deps, {
    kind: 'capture_skipped',
    subject: payment?.intentId ?? paymentId,
    paymentId,
    stripe: `${toMajor(capturedAmount, currency)} ${currency}, captured`,
    shop: 'not told to its order',
  })
}
