import type { Endpoint, Work } from '../api/endpoint.ts'
import { listEndpoint } from '../api/list.ts'
import { Params } from '../api/params.ts'
import { attach, resolveAttachable } from '../payment-methods/attach.ts'
import type { Customer } from '../store/objects.ts'
import { deleteCustomer, loadCustomer, newCustomer, readFields } from './customer.ts'

const ACCEPTED = ['address', 'description', 'email', 'invoice_settings', 'metadata', 'name', 'phone']
const UNSUPPORTED = (
  'balance business_name cash_balance default_source individual_name invoice_prefix next_invoice_sequence ' +
  'preferred_locales shipping source tax tax_exempt tax_id_data test_clock'
).split(' ')

const createCustomer: Endpoint = {
  method: 'POST',
  path: '/v1/customers',
  answers: 'customer',
  prepare({ form }) {
    const params = new Params(form, { accepts: [...ACCEPTED, 'payment_method'], unsupported: UNSUPPORTED })
    const fields = readFields(params)
    const metadata = params.metadata({})
    const defaultMethod = readDefaultMethod(params)
    const methodName = params.string('payment_method')
    return (work) => {
      const customer: Customer = { ...newCustomer(work.now), ...fields, metadata }
      // Resolves both cards first, so that a declined card does not leave a customer that the caller does not know.
      const [saved, preferred] = [methodName, defaultMethod].map((name) =>
        name == null ? undefined : resolveAttachable(work, name, customer.id).id,
      )
      work.store.insert('customer', customer)
      if (saved !== undefined) attach(work, saved, customer.id)
      const created = withDefaultMethod(work, customer, preferred)
      work.store.update('customer', created)
      work.emit('customer.created', created)
      return created
    }
  },
}

const retrieveCustomer: Endpoint = {
  method: 'GET',
  path: '/v1/customers/:id',
  answers: 'customer',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => {
      const deleted = work.store.find('deleted_customer', id)
      return deleted ? { id, object: 'customer', deleted: true } : loadCustomer(work, id, 'id', 404)
    }
  },
}

const updateCustomer: Endpoint = {
  method: 'POST',
  path: '/v1/customers/:id',
  answers: 'customer',
  prepare({ id, form }) {
    const params = new Params(form, { accepts: ACCEPTED, unsupported: UNSUPPORTED })
    const fields = readFields(params)
    const defaultMethod = readDefaultMethod(params)
    params.metadata({})
    return (work) => {
      const customer = loadCustomer(work, id, 'id', 404)
      const named = { ...customer, ...fields, metadata: params.metadata(customer.metadata) }
      const changed = withDefaultMethod(work, named, defaultMethod)
      work.store.update('customer', changed)
      work.emit('customer.updated', changed)
      return changed
    }
  },
}

const removeCustomer: Endpoint = {
  method: 'DELETE',
  path: '/v1/customers/:id',
  answers: 'customer',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => deleteCustomer(work, loadCustomer(work, id, 'id', 404))
  },
}

/** @returns null to remove the default, undefined to keep it */
function readDefaultMethod(params: Params): string | null | undefined {
  const sent = params.hash('invoice_settings')
  if (!sent) return undefined
  const settings = new Params(sent, {
    accepts: ['default_payment_method'],
    unsupported: ['custom_fields', 'footer', 'rendering_options'],
  })
  return settings.clearable('default_payment_method')
}

function withDefaultMethod(work: Work, customer: Customer, method: string | null | undefined): Customer {
  if (method === undefined) return customer
  const default_payment_method = method === null ? null : attach(work, method, customer.id).id
  return { ...customer, invoice_settings: { ...customer.invoice_settings, default_payment_method } }
}

const listCustomers = listEndpoint({
  kind: 'customer',
  path: '/v1/customers',
  filters: ['email'],
  unsupported: ['test_clock'],
})

const listCustomerMethods = listEndpoint({
  kind: 'payment_method',
  path: '/v1/customers/:id/payment_methods',
  filters: ['type'],
  unsupported: ['allow_redisplay'],
  within: 'customer',
})

export const customerEndpoints = [
  createCustomer,
  retrieveCustomer,
  updateCustomer,
  removeCustomer,
  listCustomers,
  listCustomerMethods,
]
