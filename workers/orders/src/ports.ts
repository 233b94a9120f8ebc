import type {
  CancelledOrder,
  CancelReason,
  CapturedPayment,
  CatalogRpc,
  IdempotencyKey,
  Order,
  OrderId,
  OrderStatus,
  PaymentId,
  Position,
  UserId,
} from '@shop/contracts'

export type Claim = IdempotencyKey & { claim: string }
export type KeyClaim = 'claimed' | 'in_flight' | 'other_request' | Order

/** What the operations need of the database. Saves are conditional; false means that another writer won. */
export type OrderStore = {
  find(id: OrderId): Promise<Order | undefined>
  list(page: { userId: UserId; limit: number; after?: Position | undefined }): Promise<Order[]>
  claimKey(claim: Claim, times: { now: Date; claimedUntil: Date }): Promise<KeyClaim>
  dropClaim(claim: Claim): Promise<void>
  insert(order: Order, claim: Claim | undefined): Promise<boolean>
  saveStatus(order: Pick<Order, 'id' | 'version'> & { status: OrderStatus; updatedAt: Date }): Promise<boolean>
  saveCancelled(
    order: Pick<Order, 'id' | 'version'> & { cancelReason: CancelReason; updatedAt: Date },
  ): Promise<boolean>
  /** Reads the order in the same trip, as it is afterwards. */
  saveCaptured(payment: CapturedPayment, now: Date): Promise<{ captured: boolean; order: Order | undefined }>
  saveStockCommitted(id: OrderId, now: Date): Promise<void>
  saveRefunded(payment: { orderId: OrderId; paymentId: PaymentId; now: Date }): Promise<boolean>
  extendExpiry(order: { orderId: OrderId; expiresAt: Date; now: Date }): Promise<Date | undefined>
  expire(options: { now: Date; limit: number }): Promise<number>
  claimCancelled(options: { limit: number; now: Date }): Promise<CancelledOrder[]>
  confirmCancelled(eventId: number, now: Date): Promise<void>
  prune(now: Date): Promise<number>
  ping(): Promise<void>
}

export type OrdersDeps = {
  store: OrderStore
  catalog: CatalogRpc
  now: () => Date
  newOrderId: () => OrderId
  /** A name for one attempt at an idempotency key. */
  newClaim: () => string
  /** SHA-256 of a text, as hexadecimal. */
  sha256: (text: string) => Promise<string>
  /** True when the database answered that a statement failed, or was not asked: then its effect is known to be none. */
  isDefiniteFailure: (error: unknown) => boolean
  /** How long an unpaid order lives, and how much longer than it its stock is held. */
  holdSeconds: number
  holdGraceSeconds: number
  /** Tells payments that there are cancellations to pull. May be lost: the sweep pulls too. */
  wakePayments: () => Promise<void>
}
