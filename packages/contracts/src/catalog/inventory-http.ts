import { z } from 'zod'
import { CatalogId } from '../ids.ts'
import { CursorParam, LimitParam, NextCursor } from '../pagination.ts'
import { Instant, text } from '../text.ts'
import { MAX_STOCK } from './http.ts'
import { ADJUSTMENT_REASONS, MOVEMENT_REASONS } from './model.ts'

const note = text(1, 500).meta({ example: 'Delivery note 4711' })

export const AdjustStockBody = z
  .strictObject({
    delta: z
      .int()
      .min(-MAX_STOCK)
      .max(MAX_STOCK)
      .refine((delta) => delta !== 0, 'must not be 0')
      .meta({ description: 'Units to add, or, negative, to take away; not 0', example: 20 }),
    reason: z.enum(ADJUSTMENT_REASONS).meta({ example: 'receive' }),
    note: note.optional(),
  })
  .meta({ id: 'AdjustStockRequest' })
export type AdjustStockBody = z.output<typeof AdjustStockBody>

export const InventoryView = z
  .strictObject({
    product_id: CatalogId,
    available: z.int().meta({ description: 'Units that can be bought now', example: 47 }),
    on_hand: z
      .int()
      .optional()
      .meta({ description: 'Staff only: units that are there, held ones included', example: 50 }),
    held: z.int().optional().meta({ description: 'Staff only: units held for open orders', example: 3 }),
  })
  .meta({ id: 'Inventory' })
export type InventoryView = z.infer<typeof InventoryView>

export const MovementView = z
  .strictObject({
    key: z.string().meta({ description: "Names the movement; a sale's holds the order", example: 'opening:1' }),
    reason: z.enum(MOVEMENT_REASONS).meta({
      description: '`commit` is a sale, `undo` one that was taken back, `set` an update of the product',
      example: 'receive',
    }),
    delta: z.int().meta({ example: 20 }),
    on_hand: z.int().meta({ description: 'Units that were there after it', example: 70 }),
    note: z.string().nullable().meta({ example: 'Delivery note 4711' }),
    actor: z.string().nullable().meta({ description: 'The user who made it; null when the shop did', example: null }),
    created_at: Instant,
  })
  .meta({ id: 'StockMovement' })
export type MovementView = z.infer<typeof MovementView>

export const GetInventoryQuery = z.object({ limit: LimitParam, cursor: CursorParam })

export const InventoryResponse = z
  .strictObject({
    inventory: InventoryView,
    movements: z.array(MovementView).optional().meta({ description: 'Staff only: newest first' }),
    next_cursor: NextCursor.optional(),
  })
  .meta({ id: 'InventoryResponse' })

export const AdjustedStock = z
  .strictObject({
    inventory: InventoryView.meta({ description: 'As it was after the movement' }),
    movement: MovementView,
  })
  .meta({ id: 'AdjustedStock' })
