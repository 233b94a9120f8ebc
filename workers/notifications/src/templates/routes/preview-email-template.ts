import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { previewEmailTemplate } from '../preview-email-template.ts'
import { LocaleField, TemplateParams } from './template-view.ts'

const PreviewEmailTemplateBody = z
  .strictObject({
    order_id: opaqueId('order_01jd3x8k2re9tb6vz4m5n7p8qs').optional(),
    locale: LocaleField,
  })
  .meta({ id: 'PreviewEmailTemplateBody' })

const EmailPreview = z
  .strictObject({
    preview: z.strictObject({
      subject: z.string().meta({ example: 'Your order at Example Shop Ltd' }),
      html: z.string().meta({ example: '<p>Hello Ada,</p>' }),
      text: z.string().meta({ example: 'Hello Ada,' }),
      version: z.int().nullable().meta({ description: "Null: the shop's own template", example: 3 }),
    }),
  })
  .meta({ id: 'EmailPreview' })

const route = createRoute({
  method: 'post',
  path: '/api/email-templates/{name}/preview',
  operationId: 'previewEmailTemplate',
  tags: ['E-mail'],
  summary: 'Show a mail as its newest version writes it (staff)',
  description: 'A mail about an order needs `order_id`; others are shown with made-up data. Nothing is sent.',
  access: scope('email_templates:read'),
  request: { params: TemplateParams, body: jsonBody(PreviewEmailTemplateBody) },
  responses: {
    200: json('The mail', EmailPreview),
    ...problems(...BODY_PROBLEMS, 'template_not_found', 'invalid_template', 'order_required', 'order_not_found'),
  },
})

export function addPreviewEmailTemplate(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const { order_id: orderId, locale } = c.req.valid('json')
    const request = { ...c.req.valid('param'), locale, orderId }
    const shown = await previewEmailTemplate(c.get('deps'), c.get('caller'), request)
    if (!shown.ok) return problem(c, shown.failure)
    const { mail, version } = shown.value
    return c.json({ preview: { subject: mail.subject, html: mail.html, text: mail.text, version } }, 200)
  })
}
