import { DISCREPANCIES } from '@shop/contracts/payments/states'
import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { NextCursor } from '@shop/kernel/pagination'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { PageQuery } from '../../lists/page-query.ts'
import { PAYMENT_ID_EXAMPLE } from '../../payments/routes/payment-view.ts'
import type { Discrepancy } from '../domain/discrepancy.ts'
import { listDiscrepancies } from '../list-discrepancies.ts'

const side = z.string().nullable()

const DiscrepancyView = z
  .strictObject({
    id: z.int().meta({ example: 12 }),
    kind: z.enum(DISCREPANCIES).meta({ example: 'captured_differs' }),
    subject: z.string().meta({ description: "Stripe's id of what differs", example: 'pi_3MtwBwLkdIwHu7ix28a3tqPa' }),
    payment_id: opaqueId(PAYMENT_ID_EXAMPLE).nullable(),
    stripe: side.meta({ description: 'What Stripe has', example: '25 USD' }),
    shop: side.meta({ description: 'What the shop has', example: '20 USD' }),
    found_at: Instant,
  })
  .meta({ id: 'Discrepancy' })

const DiscrepancyPage = z
  .strictObject({ discrepancies: z.array(DiscrepancyView), next_cursor: NextCursor })
  .meta({ id: 'DiscrepancyPage' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/discrepancies',
  operationId: 'listDiscrepancies',
  tags: ['Payments'],
  summary: 'List differences between Stripe and the shop (staff)',
  description: 'Those without one right answer, which a person has to resolve.',
  access: scope('payments:read'),
  request: { query: PageQuery },
  responses: {
    200: json('A page, newest first', DiscrepancyPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListDiscrepancies(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listDiscrepancies(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!listed.ok) return problem(c, listed.failure)
    const { items, nextCursor } = listed.value
    return c.json({ discrepancies: items.map(toDiscrepancyView), next_cursor: nextCursor }, 200)
  })
}

function toDiscrepancyView(found: Discrepancy): z.infer<typeof DiscrepancyView> {
  const { id, kind, subject, paymentId, stripe, shop, foundAt } = found
  return { id, kind, subject, payment_id: paymentId, stripe, shop, found_at: foundAt.toISOString() }
}
