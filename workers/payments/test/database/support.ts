import type { LedgerAccount, PaymentState } from '@shop/contracts/payments/states'
import { eventLog } from '@shop/db/events/log'
import { paymentsEvents } from '@shop/db/schema/payments'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { PaymentId } from '@shop/kernel/ids'
import { startDatabase } from '@shop/testing/database'
import { disputeRepository } from '../../src/disputes/repository.ts'
import { keyRepository } from '../../src/idempotency/repository.ts'
import type { LedgerEntry } from '../../src/ledger/domain/ledger.ts'
import { ledgerRepository } from '../../src/ledger/repository.ts'
import type { NewPayment } from '../../src/payments/repository/attempts.ts'
import { paymentRepository } from '../../src/payments/repository/index.ts'
import type { Observation } from '../../src/payments/repository/state.ts'
import { erasureRepository } from '../../src/privacy/repository.ts'
import { discrepancyRepository } from '../../src/reconciliation/repository/discrepancies.ts'
import { reconciliationRepository } from '../../src/reconciliation/repository/index.ts'
import { refundRepository } from '../../src/refunds/repository/index.ts'
import type { NewRefund } from '../../src/refunds/repository/reservation.ts'
import { customerRepository } from '../../src/saved-methods/repository.ts'
import { taxRecordRepository } from '../../src/taxes/repository.ts'
import { webhookEventRepository } from '../../src/webhooks/repository.ts'

export type Repositories = Awaited<ReturnType<typeof startRepositories>>

/** A fresh database with the repositories of the worker, in the role of the service. */
export async function startRepositories() {
  const database = await startDatabase()
  const db = database.as('payments')
  return {
    db,
    adminUrl: database.adminUrl,
    stop: () => database.stop(),
    payments: paymentRepository(db),
    refunds: refundRepository(db),
    disputes: disputeRepository(db),
    ledger: ledgerRepository(db),
    webhookEvents: webhookEventRepository(db),
    discrepancies: discrepancyRepository(db),
    reconciliation: reconciliationRepository(db),
    events: eventLog(db, paymentsEvents),
    keys: keyRepository(db),
    customers: customerRepository(db),
    erasures: erasureRepository(db),
    taxRecords: taxRecordRepository(db),
  }
}

export const USD = currency('USD')
export const now = new Date('2026-11-23T10:00:00.000Z')
export const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

/** 25.00 USD by default. */
export const aPayment = (over: Partial<NewPayment> = {}): NewPayment => ({
  id: newId('payment'),
  orderId: newId('order'),
  userId: newId('user'),
  chargeNo: 1,
  amount: 2_500,
  currency: USD,
  captureMethod: 'automatic',
  attemptMethod: 'pm_card_visa',
  cards: { userId: null, saves: false },
  attemptUntil: later(30),
  taxCalculationId: null,
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
  declinedCharge: null,
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

export async function started({ payments }: Repositories, over: Partial<NewPayment> = {}) {
  return (await payments.start(aPayment(over))).payment
}

/** A captured payment: of 25.00 USD, or of the part that was captured. */
export async function captured(repo: Repositories, capturedAmount = 2_500) {
  const { id } = await started(repo)
  const recorded = await repo.payments.recordState(seen(id, 'succeeded', { capturedAmount }))
  if (recorded === undefined) throw new Error('not found')
  return recorded.payment
}

export const aRefund = (paymentId: PaymentId, over: Partial<NewRefund> = {}): NewRefund => ({
  id: newId('refund'),
  paymentId,
  amount: undefined,
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

/** The account's debits less its credits. */
export const balance = (entries: LedgerEntry[], account: LedgerAccount) =>
  entries.reduce((sum, { debit, credit, amount }) => {
    if (debit === account) return sum + amount
    return credit === account ? sum - amount : sum
  }, 0)

/** The events of a payment, oldest first. */
export async function eventsOf({ events }: Repositories, paymentId: PaymentId) {
  return (await events.list({ key: paymentId, limit: 100 })).reverse()
}

/** The entries of a payment, oldest first. */
export async function ledgerOf({ ledger }: Repositories, paymentId: PaymentId): Promise<LedgerEntry[]> {
  return (await ledger.list({ paymentId, after: undefined, limit: 100 })).reverse()
}
