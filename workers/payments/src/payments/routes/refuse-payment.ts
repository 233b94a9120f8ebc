import { orderCredentials } from '@shop/contracts/orders/access'
import type { AppEnv } from '@shop/http/app'
import { problem } from '@shop/http/problem'
import type { Scope } from '@shop/kernel/scopes'
import type { MiddlewareHandler } from 'hono'
import type { PaymentsDeps } from '../../deps.ts'
import { findPaymentForStaff } from '../find-payment.ts'

/**
 * Refuses callers who lack the scope to act on a payment: its owner, and staff who may see it, get `forbidden`; others get not
 * found. It runs before the request is validated, so that they see no validation errors.
 */
export function refusePayment(scope: Scope): MiddlewareHandler<AppEnv<PaymentsEnv, PaymentsDeps>> {
  return async (c) => {
    const credentials = orderCredentials(c.get('caller'), {})
    const found = await findPaymentForStaff(c.get('deps'), credentials, c.req.param('id') ?? '', scope)
    return problem(c, found.ok ? { code: 'forbidden' } : found.failure)
  }
}
