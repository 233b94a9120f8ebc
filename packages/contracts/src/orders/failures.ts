import type { AccessFailure } from '../caller.ts'
import type { HoldConflict, ProductNotFound } from '../catalog/failures.ts'
import type { InvalidCursor } from '../pagination.ts'
import type { ServiceUnavailable } from '../service.ts'
import type { OrderStatus } from './model.ts'

export type OrderNotFound = { code: 'order_not_found' }
export type ProductOutOfStock = {
  code: 'out_of_stock'
  productId: number
  name: string
  requested: number
  available: number
}
export type MixedCurrencies = { code: 'mixed_currencies' }
export type OrderTotalTooLarge = { code: 'order_total_too_large'; maximum: number; currency: string }
export type StatusChangeRefused = { code: 'order_status_conflict'; from: OrderStatus; to: OrderStatus }
export type OrderChanged = { code: 'order_changed' }
export type IdempotencyKeyReused = { code: 'idempotency_key_reused' }
export type IdempotencyInFlight = { code: 'idempotency_in_flight' }
/** A guest's key also opens the order, so it must be one that nobody guesses. */
export type IdempotencyKeyTooWeak = { code: 'idempotency_key_too_weak' }
export type OrderNotPayable = { code: 'order_not_payable'; orderStatus: OrderStatus }
export type OrderAlreadyPaid = { code: 'order_already_paid' }

export type OrdersFailure =
  | AccessFailure
  | InvalidCursor
  | OrderNotFound
  | ProductNotFound
  | ProductOutOfStock
  | HoldConflict
  | MixedCurrencies
  | OrderTotalTooLarge
  | StatusChangeRefused
  | OrderChanged
  | IdempotencyKeyReused
  | IdempotencyInFlight
  | IdempotencyKeyTooWeak
  | OrderNotPayable
  | OrderAlreadyPaid
  | ServiceUnavailable
