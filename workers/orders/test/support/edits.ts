import { newId } from '@shop/http/ids'
import { addSeconds } from '@shop/kernel/time'
import { NO_UNITS } from '../../src/fulfillment/domain/units.ts'
import { type EditMade, editStep, type PricedItems } from '../../src/order-edits/domain/edit-step.ts'
import type { EditItem, WantedEdit } from '../../src/order-edits/domain/order-edit.ts'
import { planEdit } from '../../src/order-edits/domain/plan-edit.ts'
import type { Order, OrderLine } from '../../src/orders/domain/order.ts'
import { plainPart } from './purchases.ts'
import { NOW } from './test-deps.ts'

const madeNow = (): EditMade => ({
  ...{ editId: newId('orderEdit'), refundId: newId('refund') },
  ...{ at: NOW, expiresAt: addSeconds(NOW, 900) },
})

/** Lines of ten a unit for what the edit adds, without tax. */
function pricedFor(order: Order, wanted: WantedEdit, made: EditMade): PricedItems {
  const plan = planEdit(order, wanted, NOW)
  const items = plan.ok ? plan.value.added : []
  const lines = items.map(
    ({ variantId, quantity }): OrderLine => ({
      ...{ id: newId('orderLine'), productId: variantId - 10, variantId, sku: null, options: {}, name: 'Added' },
      ...{
        category: null,
        imageUrl: null,
        isGiftCard: false,
        quantity,
        unitPrice: 1_000,
        units: NO_UNITS,
        holdId: made.editId,
      },
      ...plainPart(1_000 * quantity),
    }),
  )
  return { items, lines }
}

/** The step of an edit of items. */
export function stepOf(order: Order, items: EditItem[], over: Partial<WantedEdit> = {}) {
  const made = madeNow()
  const wanted = { items, ...over }
  return editStep(order, wanted, pricedFor(order, wanted, made), made)
}

/** New quantities of the lines, in their order; undefined for a line that stays. */
export const quantitiesOf = ({ lines }: Order, quantities: (number | undefined)[]): EditItem[] =>
  lines.flatMap(({ id: lineId }, at) => {
    const quantity = quantities[at]
    return quantity === undefined ? [] : [{ lineId, quantity }]
  })
