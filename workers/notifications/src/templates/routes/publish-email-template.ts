import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { latestVersion } from '../domain/template.ts'
import { publishEmailTemplate } from '../publish-email-template.ts'
import { LocaleField, TemplateParams, TemplateWithMessage, toTemplateView } from './template-view.ts'

const PublishEmailTemplateBody = z
  .strictObject({
    locale: LocaleField,
    version: z.int().min(1).max(2_147_483_647).optional().meta({ description: 'The newest by default', example: 3 }),
  })
  .meta({ id: 'PublishEmailTemplateBody' })

const route = createRoute({
  method: 'post',
  path: '/api/email-templates/{name}/publish',
  operationId: 'publishEmailTemplate',
  tags: ['E-mail'],
  summary: 'Write mails with a version from now on (staff)',
  access: scope('email_templates:write'),
  request: { params: TemplateParams, body: jsonBody(PublishEmailTemplateBody) },
  responses: {
    200: json('The template as it is now', TemplateWithMessage),
    ...problems(...BODY_PROBLEMS, 'template_not_found'),
  },
})

export function addPublishEmailTemplate(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('json') }
    const published = await publishEmailTemplate(c.get('deps'), c.get('caller'), request)
    if (!published.ok) return problem(c, published.failure)
    versioned(c, latestVersion(published.value))
    return c.json({ template: toTemplateView(published.value), message: 'Template published' }, 200)
  })
}
