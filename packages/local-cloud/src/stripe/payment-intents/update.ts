import { checkChargeAmount } from '../currencies.ts'
import type { Endpoint } from '../endpoint.ts'
import { unexpectedState } from '../errors.ts'
import type { PaymentIntent } from '../objects.ts'
import { Params } from '../params.ts'
import { takePaymentMethod } from '../payment-methods/payment-method.ts'
import { loadIntent, saveIntent } from './intent.ts'

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** Metadata, description and e-mail at any time; amount and payment method only before the money is taken. */
export const updatePaymentIntent: Endpoint = {
  method: 'POST',
  path: '/v1/payment_intents/:id',
  answers: 'payment_intent',
  prepare({ id, form }) {
    const params = new Params(form, {
      takes: ['metadata', 'description', 'receipt_email', 'amount', 'payment_method'],
      unsupported: (
        'allowed_payment_method_types amount_details application_fee_amount capture_method currency customer ' +
        'customer_account excluded_payment_method_types hooks payment_details payment_method_configuration ' +
        'payment_method_data payment_method_options setup_future_usage shipping statement_descriptor ' +
        'statement_descriptor_suffix transfer_data transfer_group'
      ).split(' '),
    })
    const amount = params.integer('amount')
    const methodName = params.string('payment_method')
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
      if (methodName !== undefined) {
        checkOpen(intent, 'payment_method')
        changed.payment_method = takePaymentMethod(work, methodName).id
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
