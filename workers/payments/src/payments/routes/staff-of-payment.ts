import { orderCredentials } from '@shop/contracts/orders/access'
import type { AppEnv } from '@shop/http/app'
import { problem } from '@shop/http/problem'
import { isStaff } from '@shop/kernel/caller'
import type { MiddlewareHandler } from 'hono'
import type { PaymentsDeps } from '../../deps.ts'
import { findPaymentForStaff } from '../find-payment.ts'

/**
 * Middleware of a route where staff act on a payment. It runs before the request is validated, so that nobody else sees
 * validation errors: the payment's owner gets `forbidden`, others get not found. The operation checks the caller again.
 */
export const staffOfPayment: MiddlewareHandler<AppEnv<PaymentsEnv, PaymentsDeps>> = async (c, next) => {
  const caller = c.get('caller')
  if (isStaff(caller)) return next()
  const found = await findPaymentForStaff(c.get('deps'), orderCredentials(caller, {}), c.req.param('id') ?? '')
  return found.ok ? next() : problem(c, found.failure)
}
