import type { InvalidTemplate, OrderRequired, TemplateNotFound } from '@shop/contracts/notifications/failures'
import type { OrderNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { type MailData, type RenderedMail, SUBJECT_OF } from '../content/domain/mail-data.ts'
import { renderDefault } from '../content/render-default.ts'
import type { NotificationsDeps } from '../deps.ts'
import { type LetterSettings, orderMailData, ownerOf } from '../mails/domain/letters.ts'
import { readOrders } from '../mails/read-orders.ts'
import { exampleData } from './domain/example-data.ts'
import { previewedOf, type TemplateName } from './domain/template.ts'
import { type FindDeps, findTemplate, type TemplateRequest } from './internal/find-template.ts'
import { tryLiquid } from './internal/liquid.ts'

type PreviewDeps = FindDeps & LetterSettings & Pick<NotificationsDeps, 'orders' | 'users'>
type PreviewFailure =
  | AccessFailure
  | TemplateNotFound
  | InvalidTemplate
  | OrderRequired
  | OrderNotFound
  | ServiceUnavailable

/** `version` is null for the shop's own template. */
export type Preview = { mail: RenderedMail; version: number | null }

/**
 * Shows a mail as its newest text writes it: that about an order with a real one, others with made-up data. Nothing is sent.
 */
export async function previewEmailTemplate(
  deps: PreviewDeps,
  caller: Caller,
  request: TemplateRequest & { orderId?: string | undefined },
): Promise<Result<Preview, PreviewFailure>> {
  const staff = requireScope(caller, 'email_templates:read')
  if (!staff.ok) return staff
  const found = await findTemplate(deps, request)
  if (!found.ok) return found
  const data = await dataFor(deps, found.value, request.orderId)
  if (!data.ok) return data
  const own = previewedOf(found.value)
  if (own === undefined) return ok({ mail: renderDefault(found.value.name, data.value), version: null })
  const rendered = await tryLiquid(own, data.value)
  return rendered.ok ? ok({ mail: rendered.value, version: own.version }) : rendered
}

async function dataFor(
  deps: PreviewDeps,
  { name, locale }: TemplateName,
  orderId: string | undefined,
): Promise<Result<MailData, OrderRequired | OrderNotFound | ServiceUnavailable>> {
  if (SUBJECT_OF[name] !== 'order') return ok(exampleData(deps, name, locale))
  if (orderId === undefined) return fail({ code: 'order_required' })
  const read = await readOrders(deps, [orderId])
  if (!read.ok) return read
  const order = read.value.orders.get(orderId)
  if (order === undefined) return fail({ code: 'order_not_found' })
  const owner = ownerOf(order, read.value)
  // What the event would tell: all of it.
  const refunded = order.refundedAmount || order.total
  const shipmentId = order.shipments.at(-1)?.shipmentId
  const returnId = order.returns.at(-1)?.returnId
  const facts = { refunded, cancelReason: 'cancelled_by_staff', shipmentId, ...(returnId && { returnId }) } as const
  return ok(orderMailData(deps, order, { name: owner?.name, locale }, facts))
}
