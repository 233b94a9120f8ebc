import type { LedgerAccount, LedgerEntry, PaymentState } from '@shop/contracts'
import { newId } from '@shop/http/ids'
import { currency, type PaymentId } from '@shop/kernel'
import type { Db } from '../../src/client.ts'
import {
  applyState,
  type NewPayment,
  type NewRefund,
  type Observation,
  readLedger,
  startPayment,
} from '../../src/repositories/payments/index.ts'

export const USD = currency('USD')
export const now = new Date('2026-11-23T10:00:00.000Z')
export const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

/** 25.00 USD unless told otherwise. */
export const aPayment = (over: Partial<NewPayment> = {}): NewPayment => ({
  id: newId('payment'),
  orderId: newId('order'),
  userId: newId('user'),
  amount: 2_500,
  currency: USD,
  captureMethod: 'automatic',
  attemptMethod: 'pm_card_visa',
  attemptUntil: later(30),
  createdAt: now,
  ...over,
})

export const seen = (
  paymentId: PaymentId,
  state: Exclude<PaymentState, 'starting'>,
  over: Partial<Observation> = {},
): Observation => ({
  paymentId,
  intentId: `pi_${paymentId}`,
  amount: 2_500,
  capturedAmount: state === 'succeeded' ? 2_500 : 0,
  currency: USD,
  state,
  clientSecret: 'cs',
  declineCode: null,
  observedAt: later(1),
  attempt: null,
  ...over,
})

export const anEvent = (type = 'payment_intent.succeeded', id = `evt_${crypto.randomUUID()}`) => ({
  id,
  type,
  payload: { id },
  createdAt: later(1),
  receivedAt: later(2),
})

export async function started(db: Db, over: Partial<NewPayment> = {}) {
  return (await startPayment(db, aPayment(over))).payment
}

/** A payment whose money is here: of 25.00 USD, or of the part that was captured. */
export async function captured(db: Db, capturedAmount = 2_500) {
  const { id } = await started(db)
  const applied = await applyState(db, seen(id, 'succeeded', { capturedAmount }))
  if (applied === undefined) throw new Error('not found')
  return applied.payment
}

export const aRefund = (paymentId: PaymentId, over: Partial<NewRefund> = {}): NewRefund => ({
  id: newId('refund'),
  paymentId,
  amount: null,
  reason: 'order_cancelled',
  actor: { kind: 'system' },
  now,
  leaseUntil: later(30),
  ...over,
})

export const aKey = (key: string = crypto.randomUUID(), requestHash = 'hash') => ({
  scope: 'user_1:refundPayment',
  key,
  requestHash,
})

/** What has moved into the account, less what has moved out of it. */
export const balance = (entries: LedgerEntry[], account: LedgerAccount) =>
  entries.reduce((sum, { debit, credit, amount }) => {
    if (debit === account) return sum + amount
    return credit === account ? sum - amount : sum
  }, 0)

export async function ledgerOf(db: Db, paymentId: PaymentId): Promise<LedgerEntry[]> {
  return (await readLedger(db, { paymentId, before: null, limit: 100 })).items.reverse()
}
