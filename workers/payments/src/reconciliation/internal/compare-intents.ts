import type { DiscrepancyKind } from '@shop/contracts/payments/states'
import type { PaymentId } from '@shop/kernel/ids'
import type { PaymentsDeps } from '../../deps.ts'
import { forEachItem } from '../../jobs/for-each.ts'
import { refundedByStripe } from '../../payments/domain/payment.ts'
import { type SettleDeps, settlePayment } from '../../payments/settle-payment.ts'
import { applyRefundReport, type RefundReportDeps } from '../../refunds/apply-refund-report.ts'
import {
  type BookedPayment,
  COMPARED_KINDS,
  type Comparison,
  differencesOf,
  isBehind,
  type ListedIntent,
  type ShopIntent,
} from '../domain/compare.ts'
import { reportDiscrepancy } from '../report-discrepancy.ts'

export type CompareIntentsDeps = SettleDeps &
  RefundReportDeps &
  Pick<PaymentsDeps, 'reconciliation' | 'discrepancies' | 'stripeRefunds' | 'joinOrders'>

/**
 * Compares PaymentIntents with their payments and with the ledger. News at Stripe is applied as from a webhook;
 * remaining differences are listed for staff, and listed differences that are gone are closed.
 */
export async function compareIntents(deps: CompareIntentsDeps, found: ListedIntent[]): Promise<Comparison> {
  const intents = found.filter((intent): intent is ShopIntent => intent.paymentId !== null)
  const before = await bookedPayments(deps, intents)
  const behind = intents.filter((intent) => isBehind(intent, before.get(intent.paymentId)?.payment))
  await forEachItem(deps, 'reconcile', behind, catchUp)
  const after = behind.length === 0 ? before : await bookedPayments(deps, intents)
  const differences = await listDifferences(deps, intents, after)
  const applied = behind.filter((intent) => !isBehind(intent, after.get(intent.paymentId)?.payment))
  return { compared: found.length, applied: applied.length, discrepancies: differences }
}

async function bookedPayments(deps: CompareIntentsDeps, intents: ShopIntent[]): Promise<Map<PaymentId, BookedPayment>> {
  const booked = await deps.reconciliation.bookedPayments(intents.map(({ paymentId }) => paymentId))
  return new Map(booked.map((each) => [each.payment.id, each]))
}

async function catchUp(deps: CompareIntentsDeps, { refunded, ...intent }: ShopIntent): Promise<void> {
  const settled = await settlePayment(deps, { ...intent, attempt: null, observedAt: deps.now() })
  if (settled === undefined || refundedByStripe(settled.payment) === refunded) return
  for (const refund of (await deps.stripeRefunds.listOfIntent(intent.intentId)) ?? []) {
    await applyRefundReport(deps, refund)
  }
}

/** Lists the differences, and closes those that are gone. @returns how many there are */
async function listDifferences(
  deps: CompareIntentsDeps,
  intents: ShopIntent[],
  payments: Map<PaymentId, BookedPayment>,
): Promise<number> {
  const found: { subject: string; kind: DiscrepancyKind }[] = []
  for (const intent of intents) {
    const booked = payments.get(intent.paymentId)
    for (const difference of differencesOf(intent, booked ?? {})) {
      const subject = intent.intentId
      await reportDiscrepancy(deps, { ...difference, subject, paymentId: booked?.payment.id ?? null })
      found.push({ subject, kind: difference.kind })
    }
  }
  const subjects = intents.map(({ intentId }) => intentId)
  await deps.discrepancies.closeOthers({ subjects, kinds: [...COMPARED_KINDS], found, now: deps.now() })
  return found.length
}
