import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { revertEmailTemplate } from '../revert-email-template.ts'
import { LocaleField, TemplateParams, TemplateWithMessage, toTemplateView } from './template-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/email-templates/{name}',
  operationId: 'revertEmailTemplate',
  tags: ['E-mail'],
  summary: "Put the shop's own template back (staff)",
  description: 'The versions stay, and may be published again.',
  access: scope('email_templates:write'),
  request: { params: TemplateParams, query: z.object({ locale: LocaleField }) },
  responses: {
    200: json('The template as it is now', TemplateWithMessage),
    ...problems('template_not_found'),
  },
})

export function addRevertEmailTemplate(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('query') }
    const reverted = await revertEmailTemplate(c.get('deps'), c.get('caller'), request)
    if (!reverted.ok) return problem(c, reverted.failure)
    return c.json({ template: toTemplateView(reverted.value), message: "The shop's own template is back" }, 200)
  })
}
