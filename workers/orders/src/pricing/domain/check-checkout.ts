import type { AddressRequired, ShippingOptionNotOffered, ShippingRequired } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { PricedPurchase, Purchase } from './purchase.ts'

/** What the shop asks for before it takes an order with something to ship. */
export type CheckoutRequirements = { address: boolean; shipping: boolean }

type Checkout = Pick<Purchase, 'isDeliverable' | 'shippingOptionId'> & { requires: CheckoutRequirements }

/**
 * Checks that what is shipped has an address and a shipping option, where the shop asks for them or the buyer chose an option.
 * Where nothing is shipped, nothing is asked for, and a chosen option does not count.
 */
export function checkCheckout(
  { needsShipping, option }: Pick<PricedPurchase, 'needsShipping' | 'option'>,
  { isDeliverable, shippingOptionId, requires }: Checkout,
): Result<undefined, AddressRequired | ShippingRequired | ShippingOptionNotOffered> {
  if (!needsShipping || option !== null) return ok()
  const needsAddress = requires.address || requires.shipping || shippingOptionId !== null
  if (needsAddress && !isDeliverable) return fail({ code: 'address_required' })
  if (shippingOptionId !== null) return fail({ code: 'shipping_option_not_offered', optionId: shippingOptionId })
  return requires.shipping ? fail({ code: 'shipping_required' }) : ok()
}
