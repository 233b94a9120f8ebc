import type { InventoryView, Movement, MovementView, StockLevel } from '@shop/contracts'

/** All that is known of the stock of a product: for staff. */
export function toInventoryView(
  productId: number,
  { onHand, held }: Pick<StockLevel, 'onHand' | 'held'>,
): InventoryView {
  return { product_id: productId, available: onHand - held, on_hand: onHand, held }
}

export function toMovementView({ key, reason, delta, onHand, note, actor, at }: Movement): MovementView {
  return { key, reason, delta, on_hand: onHand, note, actor, created_at: at.toISOString() }
}
