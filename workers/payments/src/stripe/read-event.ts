import { type CurrencyCode, isCurrencyCode } from '@shop/kernel/currencies'
import type Stripe from 'stripe'
import type { DisputeReport } from '../disputes/domain/dispute.ts'
import type { EventSubject, ObjectKind, ReportedSubject } from '../webhooks/domain/webhook-event.ts'
import { Epoch, SHAPES, StripeId } from './event-shapes.ts'
import { readIntent, readRefund, shopAmount } from './read-objects.ts'

const OTHER = { about: 'other' } as const
const UNREADABLE = { about: 'unreadable' } as const

/**
 * What an event reports, by the object it carries and not by its name: Stripe has several events for one change, and
 * only the state of the object matters.
 *
 * A thin event carries only the object's id. So does, in effect, an event whose object or envelope has another shape.
 */
export function subjectOf(event: unknown): ReportedSubject {
  const { object, type, created, livemode } = partsOf(event)
  const seconds = Epoch.safeParse(created)
  const isComplete = typeof type === 'string' && typeof livemode === 'boolean' && seconds.success
  const subject = isComplete ? readObject(object, new Date(seconds.data * 1_000)) : undefined
  return subject ?? referenceOf(event)
}

function referenceOf(event: unknown): ReportedSubject {
  const { object, related, type } = partsOf(event)
  const kind = kindNamed(membersOf(object).object) ?? kindNamed(related.type) ?? kindOfType(type)
  const id = [membersOf(object).id, related.id, object].find((candidate) => StripeId.safeParse(candidate).success)
  return kind === undefined || typeof id !== 'string' ? UNREADABLE : { about: 'reference', kind, id }
}

/** @returns undefined for an object whose shape cannot be read */
export function readObject(object: unknown, at: Date): EventSubject | undefined {
  const { object: name } = membersOf(object)
  const kind = kindNamed(name)
  if (kind === undefined) return typeof name === 'string' ? OTHER : undefined
  if (!SHAPES[kind].safeParse(object).success) return undefined
  // The shape has everything that is read below.
  switch (kind) {
    case 'payment_intent':
      return aboutIntent(object as Stripe.PaymentIntent)
    case 'charge':
      return aboutCharge(object as Stripe.Charge)
    case 'refund':
      return aboutRefund(object as Stripe.Refund)
    case 'dispute':
      return aboutDispute(object as Stripe.Dispute, at)
  }
}

function partsOf(event: unknown) {
  const { data, related_object, type, created, livemode } = membersOf(event)
  return { object: membersOf(data).object, related: membersOf(related_object), type, created, livemode }
}

export function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

const kindNamed = (name: unknown) => KINDS.find((kind) => kind === name)
const KINDS: readonly ObjectKind[] = ['payment_intent', 'charge', 'refund', 'dispute']

/** Thin events about objects of the v1 API have its types with a prefix. */
function kindOfType(type: unknown): ObjectKind | undefined {
  const [, name = ''] = /^(?:v1\.)?(.+)\./.exec(typeof type === 'string' ? type : '') ?? []
  return kindNamed(name.replace('charge.', ''))
}

function aboutIntent(found: Stripe.PaymentIntent): EventSubject {
  const intent = readIntent(found)
  return intent === undefined ? OTHER : { about: 'intent', intent }
}

function aboutRefund(found: Stripe.Refund): EventSubject {
  const refund = readRefund(found)
  return refund === undefined ? OTHER : { about: 'refund', refund }
}

/** Of a charge only the refunded amount is read; its PaymentIntent reports the rest. */
function aboutCharge(charge: Stripe.Charge): EventSubject {
  const currency: string = charge.currency.toUpperCase()
  const intentId = idOf(charge.payment_intent)
  if (!isCurrencyCode(currency) || intentId === null || !charge.captured) return OTHER
  const refunded = shopAmount(charge.amount_refunded, currency)
  return refunded === undefined ? OTHER : { about: 'charge', charge: { intentId, currency, refunded } }
}

const CLOSED: readonly string[] = ['won', 'lost', 'warning_closed', 'prevented']

function aboutDispute(found: Stripe.Dispute, at: Date): EventSubject {
  const currency: string = found.currency.toUpperCase()
  const intentId = idOf(found.payment_intent)
  if (!isCurrencyCode(currency) || intentId === null) return OTHER
  const dispute = readDispute(found, { intentId, currency, at })
  return dispute === undefined ? OTHER : { about: 'dispute', dispute }
}

function readDispute(
  dispute: Stripe.Dispute,
  { intentId, currency, at }: { intentId: string; currency: CurrencyCode; at: Date },
): DisputeReport | undefined {
  const amount = shopAmount(dispute.amount, currency)
  if (amount === undefined) return undefined
  const dueBy = dispute.evidence_details.due_by
  return {
    id: dispute.id,
    intentId,
    amount,
    currency,
    reason: dispute.reason,
    status: dispute.status,
    evidenceDueAt: dueBy === null ? null : new Date(dueBy * 1_000),
    createdAt: new Date(dispute.created * 1_000),
    closedAt: CLOSED.includes(dispute.status) ? at : null,
    // Balance transactions show what moved; an inquiry moves nothing.
    isWithdrawn: dispute.balance_transactions.some(({ amount: moved }) => moved < 0),
    isReinstated: dispute.balance_transactions.some(({ amount: moved }) => moved > 0),
  }
}

function idOf(found: string | { id: string } | null | undefined): string | null {
  return typeof found === 'string' ? found : (found?.id ?? null)
}
