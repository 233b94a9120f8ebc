import type { Address } from '@shop/addresses/address'
import type { ShippingAddress } from '../../orders/domain/order.ts'

/** The new number of units of a line, or units of a variant to add as a line of their own. */
export type EditItem = { lineId: string; quantity: number } | { variantId: number; quantity: number }

/** What staff want of an order. What is absent stays. */
export type WantedEdit = {
  items: EditItem[]
  shippingAddress?: ShippingAddress | null | undefined
  billingAddress?: Address | null | undefined
  note?: string | null | undefined
}

/** What came of an edit, or would. Amounts in minor units. */
export type EditOutcome = {
  previousTotal: number
  total: number
  /** What goes back to the buyer because of it. */
  refund: number
}
