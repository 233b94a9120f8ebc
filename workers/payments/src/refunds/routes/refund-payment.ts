import { orderCredentials } from '@shop/contracts/orders/access'
import { MAX_QUANTITY } from '@shop/contracts/quantities'
import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, markReplayed, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { Amount } from '@shop/kernel/money'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { PAYMENT_ID_EXAMPLE, PositiveAmount } from '../../payments/routes/payment-view.ts'
import { refusePayment } from '../../payments/routes/refuse-payment.ts'
import type { RefundLines } from '../domain/refund-lines.ts'
import { REFUND_TARGETS, refundPayment } from '../refund-payment.ts'
import { RefundView, toRefundView } from './refund-view.ts'

const RefundPaymentBody = z
  .strictObject({
    amount: PositiveAmount.optional().meta({
      description: 'In major units. Default: all that was not refunded',
      example: 9.99,
    }),
    items: z
      .array(
        z.strictObject({
          line_id: opaqueId('line_01jd4k2v9rf0fv8z3x1m5q7w2e').meta({ description: '`id` of an item of the order' }),
          quantity: z.int().min(1).max(MAX_QUANTITY).meta({ example: 1 }),
        }),
      )
      .max(500)
      .optional()
      .meta({
        description:
          'Units to refund, instead of an amount. Unshipped units are refunded first, and will not be shipped',
      }),
    shipping: Amount.optional().meta({
      description: 'How much of the shipping charge to refund, in major units',
      example: 4.9,
    }),
    restocking_fee: Amount.optional().meta({
      description: 'Subtracted from the refund of the items, in major units',
      example: 0,
    }),
    return_id: opaqueId('ret_01jd4k2v9rf0fv8z3x1m5q7w2e').optional().meta({
      description: 'Limits the refund to units that this return has received',
    }),
    to: z
      .enum(REFUND_TARGETS)
      .optional()
      .meta({
        description:
          '`store_credit`: a new gift card, by mail, in place of the money. What gift cards paid goes back to them in any case. ' +
          'As it was paid if left out',
        example: 'original',
      }),
    reason: text(1, 500).optional().meta({ description: 'The customer can read it', example: 'One cup was broken' }),
  })
  .superRefine((body, context) => {
    if (body.amount === undefined || linesOf(body) === undefined) return
    const message = 'cannot be given together with items, shipping, restocking_fee or return_id, which say the amount'
    context.addIssue({ code: 'custom', path: ['amount'], message })
  })
  .meta({ id: 'RefundPaymentRequest' })

type Parts = {
  items?: { line_id: string; quantity: number }[] | undefined
  shipping?: number | undefined
  restocking_fee?: number | undefined
  return_id?: string | undefined
}

/** Undefined for a refund by amount. */
function linesOf({ items, shipping, restocking_fee: fee, return_id: returnId }: Parts): RefundLines | undefined {
  if ([items, shipping, fee, returnId].every((part) => part === undefined)) return undefined
  return {
    items: (items ?? []).map(({ line_id: lineId, quantity }) => ({ lineId, quantity })),
    shipping: shipping ?? 0,
    restockingFee: fee ?? 0,
    ...(returnId !== undefined && { returnId }),
  }
}

const RefundResponse = z
  .strictObject({
    refund: RefundView,
    refunds: z.array(RefundView).meta({ description: 'One refund for each payment that is refunded' }),
  })
  .meta({ id: 'RefundResponse', description: '`refund` is the first of `refunds`' })

const route = createRoute({
  method: 'post',
  path: '/api/payments/{id}/refund',
  operationId: 'refundPayment',
  tags: ['Payments'],
  summary: 'Refund a payment, or a part of it (staff)',
  description:
    'Refunds never exceed the captured amount, even with parallel requests. A `pending` refund is in progress. ' +
    'A refund by line (`items`, `shipping`) refunds what was paid for these units, including discounts and tax; the last unit of a ' +
    'line includes the rounding difference. It refunds all payments of the order, the newest first and gift cards last, with one ' +
    'refund for each. A refund by amount refunds only this payment. ' +
    'Needs an `Idempotency-Key`: a repeated request returns the first refund and `Idempotency-Replayed: true`.',
  access: scope('orders:refund', refusePayment('orders:refund')),
  request: {
    params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }),
    headers: z.object(KeyHeader),
    body: jsonBody(RefundPaymentBody),
  },
  responses: {
    201: json('The refund', RefundResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'payment_not_found',
      'idempotency_key_required',
      'idempotency_key_reused',
      'idempotency_in_flight',
      'invalid_amount',
      'amount_not_chargeable',
      'refund_exceeds_captured',
      'refund_refused',
      'order_not_found',
      'order_changed',
      'order_line_not_found',
      'return_not_found',
      'quantity_exceeds_refundable',
      'refund_part_too_large',
      'nothing_to_refund',
    ),
  },
})

export function addRefundPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const { amount, reason, to, ...parts } = c.req.valid('json')
    const request = { paymentId: c.req.valid('param').id, idempotencyKey, amount, reason, to, lines: linesOf(parts) }
    const { result, replayed: isReplayed } = await refundPayment(
      c.get('deps'),
      orderCredentials(c.get('caller'), {}),
      request,
    )
    if (!result.ok) return markReplayed(problem(c, result.failure), isReplayed)
    if (isReplayed) c.header(REPLAYED_HEADER, 'true')
    const [refund] = result.value
    return c.json({ refund: toRefundView(refund), refunds: result.value.map(toRefundView) }, 201)
  })
}
