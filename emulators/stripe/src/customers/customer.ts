import type Stripe from 'stripe'
import { found, type Work } from '../api/endpoint.ts'
import { noSuch } from '../api/errors.ts'
import { Params } from '../api/params.ts'
import { detach } from '../payment-methods/attach.ts'
import { token } from '../store/ids.ts'
import type { Customer, PaymentMethod } from '../store/objects.ts'

/** Fields of a customer that a caller may set. Absent fields stay unchanged. */
export type CustomerFields = Partial<Pick<Customer, 'address' | 'description' | 'email' | 'name' | 'phone'>>

export function newCustomer(now: number): Customer {
  return {
    id: `cus_${token(14)}`,
    object: 'customer',
    address: null,
    balance: 0,
    created: now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: token(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
}

export function readFields(params: Params): CustomerFields {
  const fields: CustomerFields = {}
  for (const name of ['description', 'email', 'name', 'phone'] as const) {
    const text = params.clearable(name)
    if (text !== undefined) fields[name] = text
  }
  const address = params.raw('address') === '' ? null : readAddress(params)
  if (address !== undefined) fields.address = address
  return fields
}

function readAddress(params: Params): Stripe.Address | undefined {
  const sent = params.hash('address')
  if (!sent) return undefined
  const parts = new Params(sent, { accepts: ['city', 'country', 'line1', 'line2', 'postal_code', 'state'] })
  const part = (name: string) => parts.clearable(name) ?? null
  return {
    city: part('city'),
    country: part('country'),
    line1: part('line1'),
    line2: part('line2'),
    postal_code: part('postal_code'),
    state: part('state'),
  }
}

/**
 * The customer with this id.
 *
 * @throws ApiError `resource_missing`, also for a deleted customer
 */
export function loadCustomer(work: Work, id: string, param = 'customer', status: 400 | 404 = 400): Customer {
  return found(work.store.find('customer', id), noSuch('customer', id, param, status))
}

/** Deletes permanently. Payment methods are detached; payments and charges keep the customer's id. */
export function deleteCustomer(work: Work, customer: Customer): Stripe.DeletedCustomer {
  for (const method of methodsOf(work, customer.id)) detach(work, method)
  const deleted = { id: customer.id, object: 'customer', deleted: true } as const
  work.store.remove('customer', customer.id)
  work.store.insert('deleted_customer', { ...deleted, created: customer.created })
  work.emit('customer.deleted', customer)
  return deleted
}

function methodsOf(work: Work, customer: string): PaymentMethod[] {
  return work.store.page('payment_method', { where: { customer }, limit: 1000 })
}
