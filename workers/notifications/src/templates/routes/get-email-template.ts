import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { latestVersion } from '../domain/template.ts'
import { getEmailTemplate } from '../get-email-template.ts'
import { LocaleField, TemplateParams, TemplateResponse, toTemplateView } from './template-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/email-templates/{name}',
  operationId: 'getEmailTemplate',
  tags: ['E-mail'],
  summary: 'Show the versions of a template (staff)',
  access: scope('email_templates:read'),
  request: { params: TemplateParams, query: z.object({ locale: LocaleField }) },
  responses: {
    200: json('The template', TemplateResponse),
    ...problems('template_not_found'),
  },
})

export function addGetEmailTemplate(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('query') }
    const found = await getEmailTemplate(c.get('deps'), c.get('caller'), request)
    if (!found.ok) return problem(c, found.failure)
    versioned(c, latestVersion(found.value))
    return c.json({ template: toTemplateView(found.value) }, 200)
  })
}
