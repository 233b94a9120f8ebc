import { CatalogId, CursorParam, Instant, LimitParam, NextCursor, text } from '@shop/kernel'
import { z } from 'zod'
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
    reason: z.enum(ADJUSTMENT_REASONS).meta({
      description: '`receive` and `return` add, `damage` takes away, `correct` does either',
      example: 'receive',
    }),
    note: note.optional(),
  })
  .refine(({ delta, reason }) => reason === 'correct' || delta > 0 === (reason !== 'damage'), {
    path: ['delta'],
    message: 'must be above 0 for receive and return, and below 0 for damage',
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
    low_stock_threshold: z.int().nullable().optional().meta({
      description: 'Staff only: stock is low once so many units or fewer can be bought',
      example: 5,
    }),
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

export const ListLowStockQuery = z.object({
  low: z.literal('true').meta({ description: 'The only list there is: of what is low', example: 'true' }),
  limit: LimitParam,
  cursor: CursorParam,
})

export const LowStockPage = z
  .strictObject({
    inventory: z.array(
      z.strictObject({
        product_id: CatalogId,
        name: z.string().meta({ example: 'Aeropress coffee maker' }),
        available: z.int().meta({ example: 3 }),
        low_stock_threshold: z.int().meta({ example: 5 }),
      }),
    ),
    next_cursor: NextCursor,
  })
  .meta({ id: 'LowStockPage' })

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

const MAX_AUDIT = 500

/** A page of an audit asks one object for each product, so it may be larger than one that is read. */
export const AuditBody = z
  .strictObject({
    limit: z.int().min(1).max(MAX_AUDIT).default(200).meta({ description: 'Products to look at', example: 200 }),
    cursor: z.string().max(400).nullable().optional().meta({
      description: '`next_cursor` of the page before; null or left out on the first',
      example: null,
    }),
  })
  .meta({ id: 'AuditRequest' })

const checked = z.int().meta({ description: 'Products looked at', example: 200 })

export const RebuiltInventory = z
  .strictObject({
    checked,
    rewritten: z.int().meta({ description: 'Those that were listed otherwise', example: 3 }),
    next_cursor: NextCursor,
  })
  .meta({ id: 'RebuiltInventory' })

export const StockDifferenceView = z
  .strictObject({
    fault: z.enum(['listing', 'lost', 'books']).meta({
      description:
        '`listing`: another stock was listed, and has been repaired. `lost`: the stock is listed, but not kept any more. ' +
        '`books`: the stock is not the sum of its movements and holds',
      example: 'listing',
    }),
    listed: z.int().meta({ example: 12 }),
    inventory: InventoryView,
    movements_total: z.int().meta({ example: 50 }),
    holds_total: z.int().meta({ example: 3 }),
    repaired: z.boolean().meta({ example: true }),
  })
  .meta({ id: 'StockDifference' })
export type StockDifferenceView = z.infer<typeof StockDifferenceView>

export const ReconciledInventory = z
  .strictObject({ checked, differences: z.array(StockDifferenceView), next_cursor: NextCursor })
  .meta({ id: 'ReconciledInventory' })
