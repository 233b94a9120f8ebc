import type { Caller } from '@shop/kernel/caller'
import { Amount, toMajor } from '@shop/kernel/money'
import { z } from 'zod'
import { OrderView, toOrderView } from '../../orders/routes/order-view.ts'
import type { EditedOrder } from '../edit-order.ts'

export const EditedOrderView = z
  .strictObject({
    order: OrderView,
    edit: z.strictObject({
      previous_total: Amount.meta({ description: 'The total before the edit' }),
      total: Amount.meta({ description: 'The total after it' }),
      refund: Amount.meta({ description: 'What the edit refunds to the buyer', example: 0 }),
    }),
    message: z.string().meta({ example: 'Order edited' }),
  })
  .meta({ id: 'EditedOrder' })

export function toEditedOrderView({ order, outcome }: EditedOrder, caller: Caller): z.infer<typeof EditedOrderView> {
  const { currency } = order
  return {
    order: toOrderView(order, caller),
    edit: {
      previous_total: toMajor(outcome.previousTotal, currency),
      total: toMajor(outcome.total, currency),
      refund: toMajor(outcome.refund, currency),
    },
    message: 'Order edited',
  }
}
