import { MAX_QUANTITY } from '@shop/contracts/quantities'
import { CatalogId } from '@shop/kernel/ids'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrderItem } from '../../pricing/domain/price-order.ts'

export const VariantId = CatalogId.meta({ description: 'Variant id', example: 1 })

/** Units of one line of a request: 1 or more. */
export const Quantity = z.int().min(1).max(MAX_QUANTITY).meta({ example: 1 })
const product_id = CatalogId.meta({ description: 'The product, if it has one variant' })

const Item = z.union([
  z.strictObject({ product_id, quantity: Quantity }),
  z.strictObject({ variant_id: VariantId, quantity: Quantity }),
  z.strictObject({
    sku: text(1, 100).meta({ description: 'SKU of the variant', example: 'TEE-M' }),
    quantity: Quantity,
  }),
])

const NAMES = ['product_id', 'variant_id', 'sku']

/**
 * One item of a new order. The number of names is checked first: without it, the error would be about whichever of the
 * three shapes comes first.
 */
export const OrderItemBody = z.preprocess((value, context) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const given = NAMES.filter((name) => Object.hasOwn(value, name))
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none of them' : given.join(' and ')
    context.addIssue({ code: 'custom', message: `must have one of product_id, variant_id and sku; it has ${found}` })
  }
  return value
}, Item)

export function toOrderItem(item: z.infer<typeof OrderItemBody>): OrderItem {
  const { quantity } = item
  if ('variant_id' in item) return { variantId: item.variant_id, quantity }
  if ('sku' in item) return { sku: item.sku, quantity }
  return { productId: item.product_id, quantity }
}
