import type { Address } from '@shop/addresses/address'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CartId, ReturnId } from '@shop/kernel/ids'
import type { GiftCardRef } from '../../gift-cards/domain/gift-card-ref.ts'
import type { OrderItem } from '../../pricing/domain/price-order.ts'
import type { VatId } from '../../tax/domain/tax-terms.ts'
import type { ShippingAddress } from './order.ts'

export type OrderRequest = {
  items: OrderItem[]
  /** Default: the first currency of the items, which they have to share then. */
  currency?: CurrencyCode | undefined
  shippingAddress: ShippingAddress | null
  billingAddress: Address | null
  email: string | null
  note: string | null
  /** As they were entered. */
  codes: string[]
  giftCards: readonly GiftCardRef[]
  shippingOptionId: string | null
  vatId: string | null
  /** What the buyer has seen of the order: in major units, and the codes that applied. */
  expectedTotalAmount?: number | undefined
  expectedCodes?: string[] | undefined
  /** The cart that the order is made of. A cart has one order that is not cancelled unpaid. */
  cartId: CartId | null
  /** The return whose units are exchanged for it. */
  exchangeOf?: ReturnId | undefined
  /** By which limits count the client. */
  address: string
  idempotencyKey?: string | undefined
}

/** A request whose VAT id was checked. */
export type CheckedRequest = Omit<OrderRequest, 'vatId'> & { vatId: VatId | null }
