import { type StartPayment, startPayment } from '../../src/payments/start-payment.ts'
import { anIntent, CUSTOMER, ORDER_ID } from './builders.ts'
import type { aWorld } from './world.ts'

export type World = ReturnType<typeof aWorld>

export const asCustomer = { caller: CUSTOMER, orderToken: null }

export async function pay(
  { deps }: World,
  request: Partial<StartPayment> = {},
  access: Parameters<typeof startPayment>[1] = asCustomer,
) {
  return (await startPayment(deps, access, { orderId: ORDER_ID, paymentMethod: 'pm_card_visa', ...request })).result
}

export const declined = (declineCode = 'insufficient_funds') =>
  ({
    kind: 'declined',
    intent: anIntent('requires_payment_method', { declineCode }),
    declineCode,
  }) as const

export const UNAVAILABLE = { ok: false, failure: { code: 'payment_provider_unavailable' } }
