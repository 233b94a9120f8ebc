import type { Address } from '@shop/addresses/address'
import type { ShippingAddress } from '../../orders/domain/order.ts'

/** The new number of units of a line, or units of a variant to add as a line of their own. */
export type EditItem = { lineId: string; quantity: number } | { variantId: number; quantity: number }

/** The changes that staff request. Absent fields stay as they are. */
export type WantedEdit = {
  items: EditItem[]
  shippingAddress?: ShippingAddress | null | undefined
  billingAddress?: Address | null | undefined
  note?: string | null | undefined
}

/** The outcome of an edit or of its preview. Amounts in minor units. */
export type EditOutcome = {
  previousTotal: number
  total: number
  /** What the edit refunds to the buyer. */
  refund: number
}
