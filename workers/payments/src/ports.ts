import type {
  AuthorizedPayment,
  CapturedPayment,
  CaptureMethod,
  InvalidSignature,
  LedgerEntry,
  OrdersRpc,
  Payment,
  PaymentAnswer,
  PaymentState,
  Refund,
  RefundedPayment,
  RefundState,
} from '@shop/contracts'
import type { CurrencyCode, IdempotencyKey, OrderId, PaymentId, RefundId, Result, UserId } from '@shop/kernel'
import type { StripeBooks } from './ports/books.ts'
import type { ReconciliationStore } from './ports/reconciliation.ts'
import type { RecordStore } from './ports/records.ts'
import type { Wallet } from './ports/wallet.ts'
import type { WebhookEvent } from './ports/webhook-event.ts'

/** A PaymentIntent as Stripe reports it; amount in ISO minor units. */
export type Intent = {
  intentId: string
  /** From the metadata: whose it is. Null for an intent this shop did not make. */
  paymentId: PaymentId | null
  amount: number
  /** What was captured of it; 0 before. */
  capturedAmount: number
  currency: CurrencyCode
  state: Exclude<PaymentState, 'starting'>
  clientSecret: string | null
  declineCode: string | null
}

/**
 * What came of a call to Stripe. `refused`: it did nothing and never will for this call. `unknown`: it may or may not
 * have acted, and whoever asks again with the same key finds out, unless the answer `isReplayed`: then it stays that.
 */
export type ProviderAnswer =
  | { kind: 'intent'; intent: Intent }
  | { kind: 'declined'; intent: Intent; declineCode: string }
  | { kind: 'refused'; reason: 'invalid_payment_method' | 'amount_not_chargeable' }
  /** This call was not made, since it was not its turn; an earlier one with its key may have been. */
  | { kind: 'busy' }
  | { kind: 'unknown'; isReplayed: boolean }

/** A refund as Stripe reports it; amount in ISO minor units. */
export type RefundReport = {
  stripeRefundId: string
  /** From the metadata: which of ours it is. Null for one that somebody made at Stripe. */
  refundId: RefundId | null
  intentId: string | null
  amount: number
  currency: CurrencyCode
  state: RefundState
  /** Why it failed, in Stripe's words. */
  failure: string | null
}

/** What came of asking for a refund; `refused` and `unknown` as in {@link ProviderAnswer}. */
export type RefundAnswer =
  | { kind: 'refund'; report: RefundReport }
  | { kind: 'refused'; reason: string }
  | { kind: 'unknown'; isReplayed: boolean }

/** Stripe. A call that acts carries a key, so that repeating it is the same call. */
export type PaymentProvider = {
  /** Takes a turn for a call to come; false when Stripe is asked so much that it would not be its turn in time. */
  reserveTurn(call: 'create' | 'confirm'): Promise<boolean>
  /** @param request.amount in Stripe's unit */
  createIntent(request: {
    payment: Pick<Payment, 'id' | 'orderId' | 'currency' | 'captureMethod' | 'customerId' | 'savesMethod'>
    amount: number
    method: string | null
    key: string
  }): Promise<ProviderAnswer>
  confirmIntent(request: {
    intentId: string
    method: string
    savesMethod: boolean
    key: string
  }): Promise<ProviderAnswer>
  /** Lets the intent be paid with cards that the customer has saved. */
  setCustomer(request: { intentId: string; customerId: string; key: string }): Promise<ProviderAnswer>
  /** Takes what was authorized, or a part of it, which lets the rest go. @param request.amount in Stripe's unit */
  captureIntent(request: { intentId: string; amount: number; key: string }): Promise<ProviderAnswer>
  /** Without a key: cancelling twice is cancelling once, and Stripe would repeat a refusal that may be out of date. */
  cancelIntent(intentId: string): Promise<ProviderAnswer>
  retrieveIntent(intentId: string): Promise<ProviderAnswer>
  /** Looks for the payment's intent among those made from `since` to `until`. `absent` when Stripe has none. */
  findIntent(request: { paymentId: PaymentId; since: Date; until: Date }): Promise<ProviderAnswer | { kind: 'absent' }>
  refund(request: { intentId: string; amount: number; key: string; refundId: RefundId }): Promise<RefundAnswer>
  retrieveRefund(stripeRefundId: string): Promise<RefundAnswer>
  /** Looks for our refund among those of the intent. `absent` when Stripe has none. */
  findRefund(request: { intentId: string; refundId: RefundId }): Promise<RefundAnswer | { kind: 'absent' }>
  readWebhook(request: { body: string; signature: string; now: Date }): Promise<Result<WebhookEvent, InvalidSignature>>
}

export type NewPayment = Pick<
  Payment,
  'id' | 'orderId' | 'userId' | 'amount' | 'currency' | 'captureMethod' | 'attemptMethod'
> & {
  attemptUntil: Date
  createdAt: Date
  card: CardHolder
}
/** Whose saved cards a call may use, and whether it is to save its card with them. */
export type CardHolder = { userId: UserId | null; saves: boolean }
/** `claim` names the request among those with the key. */
export type KeyClaim = IdempotencyKey & { claim: string }
export type ClaimedKey = 'claimed' | 'in_flight' | 'other_request' | { payment: Payment; answer: PaymentAnswer }
export type NewAttempt = ({ method: string; card: CardHolder } | { captureAmount: number }) & { until: Date; now: Date }
export type Observation = Omit<Intent, 'paymentId'> & {
  paymentId: PaymentId
  observedAt: Date
  /** The attempt this is the reply to; null for a webhook. */
  attempt: number | null
}
export type ReceivedEvent = { id: string; type: string; payload: unknown; createdAt: Date; receivedAt: Date }
/** The payment as it is now; `captured` is true for the one call that made it succeed, `announced` for any news of it. */
export type AppliedState = { payment: Payment; captured: boolean; announced: boolean }
/** What orders must hear of. */
export type PaymentEvent =
  | { kind: 'captured'; id: number; payment: CapturedPayment }
  | { kind: 'authorized'; id: number; payment: AuthorizedPayment }
  | { kind: 'authorization_lost'; id: number; payment: { orderId: OrderId; paymentId: PaymentId } }
  | { kind: 'refunded' | 'refund_returned'; id: number; payment: RefundedPayment }

/** `amount` null is all that is left; until `leaseUntil` whoever resolves it is the one who asks Stripe. */
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reason' | 'actor'> & {
  amount: number | null
  now: Date
  leaseUntil: Date
}
export type ReservedRefund =
  | { kind: 'reserved' | 'replayed'; refund: Refund }
  | { kind: 'in_flight' | 'other_request' }
  /** Less than that is left of the payment. */
  | { kind: 'exceeds'; payment: Payment | undefined }
/** What is known of a refund, from Stripe, or because Stripe will not make it (`stripeRefundId` null). */
export type RefundOutcome = Omit<RefundReport, 'stripeRefundId' | 'intentId'> & {
  stripeRefundId: string | null
  now: Date
  /** That it failed need not be shown to staff: whoever asked is told at once, or it will be made anew. */
  isFailureKnown?: boolean
}
/** The refund as it is now. `change` is what this call has changed; `told` what orders must hear of it. */
export type SettledRefund = {
  refund: Refund
  change: 'succeeded' | 'failed' | 'returned' | null
  told: RefundedPayment | null
}

/** What the operations need of the database; each call is one trip. */
export type PaymentStore = {
  start(fresh: NewPayment, key?: KeyClaim): Promise<{ started: boolean; payment: Payment }>
  claimAttempt(
    payment: Pick<Payment, 'id' | 'version'>,
    attempt: NewAttempt & { key?: KeyClaim },
  ): Promise<Payment | undefined>
  claimKey(claim: KeyClaim, times: { now: Date; claimedUntil: Date }): Promise<ClaimedKey>
  dropKey(claim: KeyClaim): Promise<void>
  answerKey(claim: KeyClaim, answered: { paymentId: PaymentId; answer: PaymentAnswer }): Promise<void>
  endAttempt(payment: Pick<Payment, 'id' | 'attempt'>, now: Date): Promise<void>
  claimLostAttempts(options: { now: Date; until: Date; limit: number }): Promise<Payment[]>
  /** Payments in those states nothing was heard of since, oldest first. */
  claimUnseen(options: {
    now: Date
    seenBefore: Date
    states: readonly PaymentState[]
    limit: number
  }): Promise<Payment[]>
  applyState(seen: Observation, event?: ReceivedEvent): Promise<AppliedState | undefined>
  find(id: PaymentId): Promise<Payment | undefined>
  findByIntent(intentId: string): Promise<Payment | undefined>
  ofOrder(orderId: OrderId): Promise<Payment[]>
  claimEvents(options: { limit: number; now: Date }): Promise<PaymentEvent[]>
  confirmEvent(id: number, now: Date): Promise<void>
  /** @param event.key the refund's id for `refunded` and `refund_returned`, else the payment's */
  confirmAnnounced(event: { kind: PaymentEvent['kind']; key: string; now: Date }): Promise<void>
  reserveRefund(refund: NewRefund, key: IdempotencyKey): Promise<ReservedRefund>
  /** Resolves to give back all that is left, and is done with the capture; undefined when nothing is left. */
  resolveRefund(refund: NewRefund): Promise<Refund | undefined>
  adoptRefund(refund: NewRefund & { stripeRefundId: string }): Promise<void>
  claimRefunds(options: { now: Date; leaseUntil: Date; limit: number }): Promise<Refund[]>
  settleRefund(outcome: RefundOutcome): Promise<SettledRefund | undefined>
  endRefundLease(id: RefundId): Promise<void>
  refundsOf(paymentId: PaymentId): Promise<Refund[]>
  readLedger(page: {
    paymentId: PaymentId | null
    before: number | null
    limit: number
  }): Promise<{ items: LedgerEntry[]; nextCursor: string | null }>
  prune(now: Date): Promise<number>
  ping(): Promise<void>
}

export type PaymentsDeps = {
  store: PaymentStore
  provider: PaymentProvider
  records: RecordStore
  books: StripeBooks
  wallet: Wallet
  reconciliation: ReconciliationStore
  orders: OrdersRpc
  now: () => Date
  warn: (event: string, fields: Record<string, unknown>) => void
  newPaymentId: () => PaymentId
  newRefundId: () => RefundId
  newClaim: () => string
  sha256: (text: string) => Promise<string>
  /** Lets work go on after the answer. For what is repeated if it is lost. */
  later: (work: Promise<unknown>) => void
  /** How new payments take their money. */
  captureMethod: CaptureMethod
  /** How long a call to Stripe may take before it counts as lost. */
  attemptSeconds: number
  /** What Stripe has made is compared with the books when it is so old: before, it may still be on its way. */
  reconcileAfterSeconds: number
  /** How often an open payment is looked at. */
  paymentCheckSeconds: number
}
