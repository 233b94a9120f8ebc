import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { PUBLIC } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { SignInEmail } from '@shop/kernel/email'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { requestOrderToken } from '../request-order-token.ts'

const OrderTokenBody = z
  .strictObject({ order_id: opaqueId(ORDER_ID_EXAMPLE), email: SignInEmail })
  .meta({ id: 'OrderTokenRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/orders/token',
  operationId: 'requestOrderToken',
  tags: ['Orders'],
  summary: 'Have the token of a guest’s order mailed again',
  description:
    'The mail is sent only if the guest has placed the order with the given address. The answer is the same in any case. The ' +
    'link in the mail ends in `#order_token=` and the token that was answered when the order was placed. ' +
    describeLimits(LIMITS.orderTokenAddress, LIMITS.orderTokenMail, LIMITS.orderTokenMailEmail),
  access: PUBLIC,
  request: { body: jsonBody(OrderTokenBody) },
  responses: { 202: json('The request was accepted', MessageResponse), ...problems(...BODY_PROBLEMS) },
})

export function addRequestOrderToken(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { order_id: orderId, email } = c.req.valid('json')
    await requestOrderToken(c.get('deps'), { orderId, email })
    const message = 'If a guest has placed the order with this address, a mail with a link to it is on its way'
    return c.json({ message }, 202)
  })
}
