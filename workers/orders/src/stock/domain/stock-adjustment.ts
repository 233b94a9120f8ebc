import type { StockAdjustmentKind } from '@shop/contracts/orders/states'
import type { OrderId } from '@shop/kernel/ids'

/**
 * Units that a change of a sold order gives back. The change writes it in its own statement, and it is made at the stock after
 * that.
 */
export type StockAdjustment = {
  /** Its own for good, made from ids of the change: `<return id>:<line id>`. The same key is made once. */
  key: string
  variantId: number
  /** 1 or more. */
  quantity: number
  kind: StockAdjustmentKind
  /** What led to it, such as `order edited`: for the ledger of the stock, which adds the order. */
  reason: string
}

/** One that is stored. */
export type StoredAdjustment = StockAdjustment & { orderId: OrderId; createdAt: Date }
