import { paidAmountOf } from '../../orders/domain/amount-due.ts'
import type { Order, ShippingAddress } from '../../orders/domain/order.ts'
import { isMoneyReturned } from '../../orders/domain/refund-status.ts'

/** The fields of an order that can identify its customer, as they are after the customer is erased. */
export type Remains = Pick<Order, 'email' | 'vatId' | 'shippingAddress' | 'billingAddress' | 'note' | 'metadata'>

/**
 * What stays in these fields. Tax law requires what was sold, when, to which area and at which tax; the other fields have the
 * rest.
 *
 * The area is that of delivery or, if there is none, of the bill. A VAT id stays where the customer owed the tax because of it:
 * it proves why the shop charged none. Metadata is erased too, since it is free text of staff.
 */
export function remainsOf(order: Order): Remains {
  const { shippingAddress, billingAddress, vatId, taxExemption } = order
  return {
    email: null,
    note: null,
    metadata: {},
    vatId: taxExemption === 'reverse_charge' ? vatId : null,
    shippingAddress: areaOf(shippingAddress) ?? areaOf(billingAddress),
    billingAddress: null,
  }
}

/** Country, region and postal area of an address; null where it does not name its country. */
function areaOf(address: ShippingAddress | null): Record<string, string> | null {
  if (address === null || typeof address === 'string' || address.country === undefined) return null
  const { country, region, postal_code: code } = address
  return {
    country,
    ...(region !== undefined && { region }),
    ...(code !== undefined && { postal_code: postalAreaOf(code) }),
  }
}

const MOST_CHARACTERS = 5

/**
 * The part of a postal code that many share, which decides about taxes: what is before a space or hyphen, and at most five
 * characters. A whole code of Canada, the Netherlands or the United Kingdom names a few houses, and nine digits of the United
 * States one.
 */
export function postalAreaOf(code: string): string {
  const [beginning = ''] = code.trim().split(/[\s-]/, 1)
  return beginning.slice(0, MOST_CHARACTERS)
}

/**
 * Whether the shop no longer needs to reach the customer of an order: it was shipped, or it was cancelled or refunded and no
 * money is left to return. While a bank decides about a dispute, the shop must be able to prove what it sent, and where to.
 */
export function isSettled(order: Order): boolean {
  const { status, refundedAmount, chargedBackAmount, disputedAmount } = order
  if (disputedAmount > 0) return false
  if (status === 'shipped' || status === 'delivered') return true
  if (status === 'cancelled') return paidAmountOf(order) - refundedAmount <= chargedBackAmount
  return isMoneyReturned(order)
}
