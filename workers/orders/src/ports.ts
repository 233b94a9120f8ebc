import type {
  CancelledOrder,
  CapturedPayment,
  CatalogRpc,
  Order,
  OrderChange,
  OrderEvent,
  OrderStatus,
  ShippedOrder,
} from '@shop/contracts'
import type { IdempotencyKey, OrderId, Position, UserId } from '@shop/kernel'

export type Claim = IdempotencyKey & { claim: string }
export type KeyClaim = 'claimed' | 'in_flight' | 'other_request' | Order

/** Orders newest first: of one customer or of all, of one status or of any, from just after a position. */
export type OrderQuery = {
  of: UserId | 'all'
  status?: OrderStatus | undefined
  after?: Position | undefined
  limit: number
}

/** What the operations need of the database. */
export type OrderStore = {
  find(id: OrderId): Promise<Order | undefined>
  findWithEvents(id: OrderId): Promise<{ order: Order; events: OrderEvent[] } | undefined>
  list(query: OrderQuery): Promise<Order[]>
  claimKey(claim: Claim, times: { now: Date; claimedUntil: Date }): Promise<KeyClaim>
  dropClaim(claim: Claim): Promise<void>
  /** False when another attempt has taken the claim over. */
  insert(placed: Pick<OrderChange, 'order' | 'event'>, claim: Claim | undefined): Promise<boolean>
  /** Conditional: `lost` means that another writer won, `repeated` that the refund, or its return, was noted before. */
  saveChange(change: OrderChange): Promise<'saved' | 'lost' | 'repeated'>
  /** Marks a pending order paid and reads the order in the same trip, as it is afterwards. */
  saveCaptured(payment: CapturedPayment, now: Date): Promise<{ captured: boolean; order: Order | undefined }>
  expire(options: { now: Date; limit: number }): Promise<number>
  /** Paid or authorized orders whose stock nobody has committed since `before`. */
  listUnsold(options: { before: Date; limit: number }): Promise<Order[]>
  /** Orders placed in that time that are no longer pending; `isFreed`: a cancelled one whose stock has to be back. */
  listDecided(options: { from: Date; to: Date; limit: number }): Promise<{ order: Order; isFreed: boolean }[]>
  claimCancelled(options: { limit: number; now: Date }): Promise<CancelledOrder[]>
  claimShipped(options: { limit: number; now: Date }): Promise<ShippedOrder[]>
  /** Marks what was claimed done. */
  confirm(eventId: number, now: Date): Promise<void>
  prune(now: Date): Promise<number>
  ping(): Promise<void>
}

/** What opens the order of a guest: whoever has it was given it with the first answer. */
export type OrderTokens = {
  of(orderId: OrderId): Promise<string>
  isOf(orderId: OrderId, token: string): Promise<boolean>
}

export type OrdersDeps = {
  store: OrderStore
  catalog: CatalogRpc
  tokens: OrderTokens
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
  /** Tells payments that there is something to pull. May be lost: the sweep pulls too. */
  wakePayments: () => Promise<void>
  /** Notes what went wrong and needs a person. */
  warn: (event: string, fields: Record<string, unknown>) => void
}
