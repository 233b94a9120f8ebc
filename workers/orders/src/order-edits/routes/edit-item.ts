import { MAX_QUANTITY } from '@shop/contracts/quantities'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import { LINE_ID_EXAMPLE } from '../../fulfillment/routes/shipment-view.ts'
import { VariantId } from '../../orders/routes/order-item.ts'
import type { EditItem } from '../domain/order-edit.ts'

export const EditItemBody = z.union([
  z.strictObject({
    line_id: opaqueId(LINE_ID_EXAMPLE).meta({ description: '`id` of an item of the order' }),
    quantity: z.int().min(0).max(MAX_QUANTITY).meta({
      description: 'The new quantity; 0 removes the line. Additional units become a separate line',
      example: 1,
    }),
  }),
  z.strictObject({
    variant_id: VariantId,
    quantity: z.int().min(1).max(MAX_QUANTITY).meta({ description: 'Units to add', example: 1 }),
  }),
])

export const toEditItem = (item: z.infer<typeof EditItemBody>): EditItem =>
  'line_id' in item
    ? { lineId: item.line_id, quantity: item.quantity }
    : { variantId: item.variant_id, quantity: item.quantity }
