import type { StockAdjustmentKind } from '@shop/contracts/orders/states'
import type { OrderId } from '@shop/kernel/ids'

/**
 * Units that a change of an order returns to the stock. The statement of the change writes the adjustment; it is applied to the stock
 * after that.
 */
export type StockAdjustment = {
  /** Unique and permanent, made from ids of the change, such as `<return id>:<line id>:1:restock`. Each key is applied once. */
  key: string
  variantId: number
  /** The reason for the stock ledger, such as `order edited`. */
  reason: string
} & (
  | { kind: Exclude<StockAdjustmentKind, 'shrink'> /** 1 or more. */; quantity: number }
  | { kind: 'shrink'; holdId: string /** The units that the hold, or its sale, keeps: 0 or more. */; quantity: number }
)

/** An adjustment as it is stored. */
export type StoredAdjustment = StockAdjustment & { orderId: OrderId; createdAt: Date }
