import type { DiscrepancyKind } from '@shop/contracts'
import type { PaymentId } from '@shop/kernel'
import { COMPARED, differencesOf } from '../domain/compare.ts'
import type { IntentInBooks } from '../ports/books.ts'
import type { Books } from '../ports/reconciliation.ts'
import type { PaymentsDeps } from '../ports.ts'
import { forEach } from './each.ts'
import { takeIntent } from './take-intent.ts'
import { takeRefund } from './take-refund.ts'

/** What comparing has come to. */
export type Compared = { compared: number; applied: number; discrepancies: number }

type OurIntent = IntentInBooks & { paymentId: PaymentId }

/**
 * Compares PaymentIntents with the payments they belong to, and with the ledger. What Stripe is further on with is
 * applied, as a webhook would have; whatever differs then is noted for staff, and what differs no more is closed.
 */
export async function compareIntents(deps: PaymentsDeps, found: IntentInBooks[]): Promise<Compared> {
  const ours = found.filter((intent): intent is OurIntent => intent.paymentId !== null)
  const before = await booksOf(deps, ours)
  const behind = ours.filter((intent) => isBehind(intent, before.get(intent.paymentId)))
  await forEach(deps, 'reconcile', behind, (intent) => catchUp(deps, intent))
  const after = behind.length === 0 ? before : await booksOf(deps, ours)
  const still = await note(deps, ours, after)
  const isApplied = (intent: OurIntent) => !isBehind(intent, after.get(intent.paymentId))
  return { compared: found.length, applied: behind.filter(isApplied).length, discrepancies: still.length }
}

async function booksOf(deps: PaymentsDeps, intents: OurIntent[]): Promise<Map<PaymentId, Books>> {
  const books = await deps.reconciliation.booksOf(intents.map(({ paymentId }) => paymentId))
  return new Map(books.map((book) => [book.payment.id, book]))
}

function isBehind(intent: OurIntent, book: Books | undefined): boolean {
  if (book === undefined) return false
  const { payment } = book
  const isSame = payment.state === intent.state && payment.capturedAmount === intent.capturedAmount
  return !isSame || payment.refundedAmount !== intent.refunded
}

async function catchUp(deps: PaymentsDeps, intent: OurIntent): Promise<void> {
  const { refunded, ...said } = intent
  const applied = await takeIntent(deps, said, { at: deps.now() })
  if (applied === undefined || applied.payment.refundedAmount === refunded) return
  for (const refund of (await deps.books.refundsOf(intent.intentId)) ?? []) await takeRefund(deps, refund)
}

async function note(deps: PaymentsDeps, intents: OurIntent[], books: Map<PaymentId, Books>) {
  const now = deps.now()
  const still: { subject: string; kind: DiscrepancyKind }[] = []
  for (const intent of intents) {
    const book = books.get(intent.paymentId)
    for (const difference of differencesOf(intent, book?.payment, book?.booked ?? { captured: 0, refunded: 0 })) {
      const subject = intent.intentId
      await deps.records.noteDiscrepancy({ ...difference, subject, paymentId: book?.payment.id ?? null, foundAt: now })
      deps.warn('discrepancy_found', { kind: difference.kind, subject, paymentId: intent.paymentId })
      still.push({ subject, kind: difference.kind })
    }
  }
  const subjects = intents.map(({ intentId }) => intentId)
  await deps.reconciliation.resolveDiscrepancies({ subjects, kinds: [...COMPARED], still, now })
  return still
}
