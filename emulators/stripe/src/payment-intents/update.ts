import { checkChargeAmount } from '../api/currencies.ts'
import type { Endpoint } from '../api/endpoint.ts'
import { unexpectedState } from '../api/errors.ts'
import { Params } from '../api/params.ts'
import { loadCustomer } from '../customers/customer.ts'
import { checkOwner } from '../payment-methods/attach.ts'
import { resolvePaymentMethod } from '../payment-methods/payment-method.ts'
import type { PaymentIntent } from '../store/objects.ts'
import { FUTURE_USAGES, loadIntent, saveIntent } from './intent.ts'

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** Changes metadata, description and e-mail at any time; amount and payment method only before the payment. */
export const updatePaymentIntent: Endpoint = {
  method: 'POST',
  path: '/v1/payment_intents/:id',
  answers: 'payment_intent',
  prepare({ id, form }) {
    const params = new Params(form, {
      accepts: [
        'metadata',
        'description',
        'receipt_email',
        'amount',
        'customer',
        'payment_method',
        'setup_future_usage',
      ],
      unsupported: (
        'allowed_payment_method_types amount_details application_fee_amount capture_method currency ' +
        'customer_account excluded_payment_method_types hooks payment_details payment_method_configuration ' +
        'payment_method_data payment_method_options shipping statement_descriptor ' +
        'statement_descriptor_suffix transfer_data transfer_group'
      ).split(' '),
    })
    const amount = params.integer('amount')
    const methodName = params.string('payment_method')
    const customer = params.string('customer')
    const futureUsage = params.oneOf('setup_future_usage', FUTURE_USAGES)
    const description = params.clearable('description')
    const receiptEmail = params.clearable('receipt_email')
    params.metadata({})
    return (work) => {
      const intent = loadIntent(work, id)
      const changed: PaymentIntent = { ...intent, metadata: params.metadata(intent.metadata) }
      if (description !== undefined) changed.description = description
      if (receiptEmail !== undefined) changed.receipt_email = receiptEmail
      if (amount !== undefined) {
        checkOpen(intent, 'amount')
        checkChargeAmount(amount, intent.currency)
        changed.amount = amount
      }
      if (customer !== undefined) {
        checkOpen(intent, 'customer')
        changed.customer = loadCustomer(work, customer).id
      }
      if (futureUsage !== undefined) {
        checkOpen(intent, 'setup_future_usage')
        changed.setup_future_usage = futureUsage
      }
      if (methodName !== undefined) {
        checkOpen(intent, 'payment_method')
        const method = resolvePaymentMethod(work, methodName)
        checkOwner(changed, method)
        changed.payment_method = method.id
        changed.status = 'requires_confirmation'
        changed.next_action = null
      }
      return saveIntent(work, changed)
    }
  },
}

function checkOpen(intent: PaymentIntent, field: string): void {
  if (OPEN.includes(intent.status)) return
  throw unexpectedState(
    `This PaymentIntent's ${field} could not be updated because it has a status of ${intent.status}. You may only ` +
      `update the ${field} of a PaymentIntent with one of the following statuses: ${OPEN.join(', ')}.`,
    intent,
  )
}
