import type {
  CapturedPayment,
  CurrencyCode,
  InvalidSignature,
  OrderId,
  OrdersRpc,
  Payment,
  PaymentId,
  PaymentState,
  Refund,
  RefundId,
  RefundState,
  Result,
} from '@shop/contracts'

/** A PaymentIntent as Stripe reports it; amount in ISO minor units. */
export type Intent = {
  intentId: string
  /** From the metadata: whose it is. Null for an intent this shop did not make. */
  paymentId: PaymentId | null
  amount: number
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
  | { kind: 'unknown'; isReplayed: boolean }

export type RefundAnswer =
  | { kind: 'refund'; stripeRefundId: string; state: RefundState }
  | { kind: 'refused' }
  | { kind: 'unknown' }

export type WebhookEvent = { id: string; type: string; createdAt: Date; payload: unknown; intent: Intent | null }

/** Stripe. Every call that acts carries a key, so that repeating it is the same call. */
export type PaymentProvider = {
  /** @param request.amount in Stripe's unit */
  createIntent(request: {
    payment: Pick<Payment, 'id' | 'orderId' | 'currency'>
    amount: number
    method: string | null
    key: string
  }): Promise<ProviderAnswer>
  confirmIntent(request: { intentId: string; method: string; key: string }): Promise<ProviderAnswer>
  cancelIntent(request: { intentId: string; key: string }): Promise<ProviderAnswer>
  retrieveIntent(intentId: string): Promise<ProviderAnswer>
  /** Looks for the payment's intent among those made since `since`. `absent` when Stripe has none. */
  findIntent(request: { paymentId: PaymentId; since: Date }): Promise<ProviderAnswer | { kind: 'absent' }>
  refund(request: { intentId: string; amount: number; key: string; refundId: RefundId }): Promise<RefundAnswer>
  retrieveRefund(stripeRefundId: string): Promise<RefundAnswer>
  readWebhook(request: { body: string; signature: string; now: Date }): Promise<Result<WebhookEvent, InvalidSignature>>
}

export type NewPayment = Pick<Payment, 'id' | 'orderId' | 'userId' | 'amount' | 'currency' | 'attemptMethod'> & {
  attemptUntil: Date
  createdAt: Date
}
export type Observation = Omit<Intent, 'paymentId'> & {
  paymentId: PaymentId
  observedAt: Date
  /** The attempt this is the reply to; null for a webhook. */
  attempt: number | null
}
export type ReceivedEvent = { id: string; type: string; payload: unknown; createdAt: Date; receivedAt: Date }
/** The payment as it is now; `captured` is true for the one call that made it succeed. */
export type AppliedState = { payment: Payment; captured: boolean }
export type PaymentEvent =
  | { kind: 'captured'; id: number; payment: CapturedPayment }
  | { kind: 'refunded'; id: number; payment: { orderId: OrderId; paymentId: PaymentId } }

/** What the operations need of the database; each call is one trip. */
export type PaymentStore = {
  start(fresh: NewPayment): Promise<{ started: boolean; payment: Payment }>
  claimAttempt(
    payment: Pick<Payment, 'id' | 'version'>,
    attempt: { method: string; until: Date; now: Date },
  ): Promise<Payment | undefined>
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
  recordIgnoredEvent(event: ReceivedEvent): Promise<void>
  find(id: PaymentId): Promise<Payment | undefined>
  ofOrder(orderId: OrderId): Promise<Payment[]>
  claimEvents(options: { limit: number; now: Date }): Promise<PaymentEvent[]>
  confirmEvent(id: number, now: Date): Promise<void>
  confirmCapture(payment: CapturedPayment, now: Date): Promise<void>
  confirmRefund(id: RefundId, now: Date): Promise<void>
  resolveRefund(
    refund: Pick<Refund, 'id' | 'paymentId' | 'reason'> & { now: Date; nextAttemptAt: Date },
  ): Promise<Refund>
  claimRefunds(options: { now: Date; nextAttemptAt: Date; limit: number }): Promise<Refund[]>
  saveRefund(
    refund: Pick<Refund, 'id'> & { state: RefundState; stripeRefundId: string | null; now: Date },
  ): Promise<void>
  prune(now: Date): Promise<number>
  ping(): Promise<void>
}

export type PaymentsDeps = {
  store: PaymentStore
  provider: PaymentProvider
  orders: OrdersRpc
  now: () => Date
  warn: (event: string, fields: Record<string, unknown>) => void
  newPaymentId: () => PaymentId
  newRefundId: () => RefundId
  /** How long a call to Stripe may take before it counts as lost. */
  attemptSeconds: number
  /** How often an open payment is looked at. */
  paymentCheckSeconds: number
}
