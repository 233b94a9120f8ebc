import type { StockTerms } from '@shop/contracts/catalog/rpc'
import { CatalogId, CatalogIdParam } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { StockLevel } from '../domain/level.ts'
import { MOVEMENT_REASONS, type Movement } from '../domain/movement.ts'

export const VariantId = CatalogId.meta({ description: 'Variant id', example: 1 })
export const VariantIdParam = CatalogIdParam.meta({ type: 'integer', description: 'Variant id', example: 1 })

export const InventoryView = z
  .strictObject({
    product_id: CatalogId,
    variant_id: VariantId,
    sku: z.string().nullable().meta({ example: null }),
    available: z.int().meta({
      description: 'Units that can be bought now; below zero where more was sold than there is',
      example: 47,
    }),
    in_stock: z.boolean().meta({ description: 'True also where it is sold whatever is available', example: true }),
    inventory_policy: z
      .enum(['deny', 'continue'])
      .meta({ description: '`continue` sells more than there is', example: 'deny' }),
    on_hand: z.int().optional().meta({ description: 'Staff only: units on hand, held ones included', example: 50 }),
    held: z.int().optional().meta({ description: 'Staff only: units held for open orders', example: 3 }),
    low_stock_threshold: z.int().nullable().optional().meta({
      description: 'Staff only: stock is low when this many units or fewer can be bought',
      example: 5,
    }),
  })
  .meta({ id: 'Inventory' })
export type InventoryView = z.infer<typeof InventoryView>

export const MovementView = z
  .strictObject({
    key: z
      .string()
      .meta({ description: 'Identifies the movement; the key of a sale contains the order', example: 'opening:1' }),
    reason: z.enum(MOVEMENT_REASONS).meta({
      description: '`commit` is a sale, `undo` a reversed sale, `set` an update of the product',
      example: 'receive',
    }),
    delta: z.int().meta({ example: 20 }),
    on_hand: z.int().meta({ description: 'Units on hand after the movement', example: 70 }),
    note: z.string().nullable().meta({ example: 'Delivery note 4711' }),
    actor: z.string().nullable().meta({ description: 'The user who made it; null for the shop itself', example: null }),
    created_at: Instant,
  })
  .meta({ id: 'StockMovement' })
export type MovementView = z.infer<typeof MovementView>

type Stocked = { productId: number; variantId: number; sku: string | null; terms: Pick<StockTerms, 'policy'> }

/** What every caller may see of the stock of a variant. */
export function toPublicInventoryView(
  { productId, variantId, sku, terms: { policy } }: Stocked,
  { available }: Pick<StockLevel, 'available'>,
): InventoryView {
  const ids = { product_id: productId, variant_id: variantId, sku }
  return { ...ids, available, in_stock: available > 0 || policy === 'continue', inventory_policy: policy }
}

/** The full view of the stock of a variant, for staff. */
export function toInventoryView(
  stocked: Stocked,
  { onHand, held }: Pick<StockLevel, 'onHand' | 'held'>,
): InventoryView {
  return { ...toPublicInventoryView(stocked, { available: onHand - held }), on_hand: onHand, held }
}

export function toMovementView({ key, reason, delta, onHand, note, actor, at }: Movement): MovementView {
  return { key, reason, delta, on_hand: onHand, note, actor, created_at: at.toISOString() }
}
