import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, jsonBody } from '@shop/http/openapi'
import { KeyHeader } from '@shop/kernel/idempotency'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import { MAX_STOCK } from '../domain/level.ts'
import { ADJUSTMENT_REASONS, type Movement } from '../domain/movement.ts'
import type { StockedVariant } from '../domain/stocked-variant.ts'
import { InventoryView, MovementView, toInventoryView, toMovementView } from './inventory-view.ts'

const AdjustStockBody = z
  .strictObject({
    delta: z
      .int()
      .min(-MAX_STOCK)
      .max(MAX_STOCK)
      .refine((delta) => delta !== 0, 'must not be 0')
      .meta({ description: 'Units to add or, when negative, to remove; not 0', example: 20 }),
    reason: z.enum(ADJUSTMENT_REASONS).meta({
      description: '`receive` and `return` add units, `damage` removes units, `correct` does either',
      example: 'receive',
    }),
    note: text(1, 500).meta({ example: 'Delivery note 4711' }).optional(),
  })
  .refine(({ delta, reason }) => reason === 'correct' || delta > 0 === (reason !== 'damage'), {
    path: ['delta'],
    message: 'must be above 0 for receive and return, and below 0 for damage',
  })
  .meta({ id: 'AdjustStockRequest' })

/** What the routes adjustStock and adjustVariantStock share. */
export const ADJUST = {
  tags: ['Products'],
  description:
    'Units that are held for open orders cannot be removed, unless the policy of the variant is `continue`. Needs an ' +
    '`Idempotency-Key`, which is kept for good: a repeated request gets the first answer and `Idempotency-Replayed: true`.',
  access: scope('inventory:write'),
}
export const ADJUST_REQUEST = {
  // Optional here, because a missing key is another problem than a malformed one.
  headers: z.object(KeyHeader),
  body: jsonBody(AdjustStockBody),
}
export const ADJUST_PROBLEMS = [
  ...BODY_PROBLEMS,
  'idempotency_key_required',
  'idempotency_key_reused',
  'stock_below_held',
] as const

/** What adjustStock and adjustVariantStock answer. */
export const AdjustedStock = z
  .strictObject({
    inventory: InventoryView.meta({ description: 'The stock after the movement' }),
    movement: MovementView,
  })
  .meta({ id: 'AdjustedStock' })

type Adjusted = { variant: StockedVariant; movement: Movement }

export function toAdjustedStock({ variant, movement }: Adjusted): z.input<typeof AdjustedStock> {
  const inventory = toInventoryView({ ...variant, variantId: variant.id }, movement)
  return { inventory, movement: toMovementView(movement) }
}
