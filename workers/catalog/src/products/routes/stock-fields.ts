import { z } from 'zod'
import { MAX_STOCK } from '../../stock/domain/level.ts'

export const stockQuantity = z.int().min(0).max(MAX_STOCK).meta({ example: 50 })

export const lowStockThreshold = z.int().min(0).max(MAX_STOCK).nullable().optional().meta({
  description: 'Stock is low when this many units or fewer can be bought; null turns the check off',
  example: 5,
})

/**
 * What is shown can be above what can be set, since holds that end come on top, and below zero by the policy `continue`.
 * Sent back unchanged, it is accepted.
 */
const shownStock = z.int().optional()

/** The answer to `stock_below_zero`: only the policy of the variant says whether its stock may be. */
export const BELOW_ZERO = {
  code: 'validation_failed' as const,
  errors: [{ field: 'stock_quantity', message: 'must be 0 or more' }],
}

const STOCK = {
  stock_quantity: shownStock.meta({
    description:
      'Units that can be bought, as they are shown; units held for open orders stay held beside them. What can be bought ' +
      'already changes nothing',
    example: 50,
  }),
  expected_stock_quantity: shownStock.meta({
    description:
      'The `stock_quantity` that the change was made from. If `stock_quantity` equals it, the stock stays as it is, ' +
      'whatever was sold since; else a stock that has changed since is refused with `stock_changed`',
    example: 47,
  }),
}

/** The body of an update that may set the stock beside its own fields. */
export function stockChange<Fields extends z.ZodRawShape>(fields: Fields) {
  type Sent = { stock_quantity?: number | undefined; expected_stock_quantity?: number | undefined }
  const path = ['stock_quantity']
  return z
    .strictObject({ ...fields, ...STOCK })
    .refine(
      (body) => (body as Sent).expected_stock_quantity === undefined || (body as Sent).stock_quantity !== undefined,
      {
        path,
        message: 'must be there with expected_stock_quantity',
      },
    )
    .refine(
      (body) => {
        const { stock_quantity: stock = 0, expected_stock_quantity: expected } = body as Sent
        return stock <= MAX_STOCK || stock === expected
      },
      { path, message: `must be at most ${MAX_STOCK}` },
    )
}
