import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { latestVersion } from '../domain/template.ts'
import { saveEmailTemplate } from '../save-email-template.ts'
import { LocaleField, TemplateParams, TemplateWithMessage, templateText, toTemplateView } from './template-view.ts'

const SaveEmailTemplateBody = z
  .strictObject({ locale: LocaleField, ...templateText })
  .meta({ id: 'SaveEmailTemplateBody' })

const route = createRoute({
  method: 'put',
  path: '/api/email-templates/{name}',
  operationId: 'saveEmailTemplate',
  tags: ['E-mail'],
  summary: 'Save a draft of a template (staff)',
  description:
    'Liquid, whose variables docs/mails.md lists. What is printed into HTML is escaped. Each draft is another version; mails ' +
    'are written with it once it is published.',
  access: scope('email_templates:write'),
  request: {
    params: TemplateParams,
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(SaveEmailTemplateBody),
  },
  responses: {
    200: json('The template with its new version', TemplateWithMessage),
    ...problems(...BODY_PROBLEMS, 'template_not_found', 'invalid_template', 'version_conflict'),
  },
})

export function addSaveEmailTemplate(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { locale, ...text } = c.req.valid('json')
    const request = { ...c.req.valid('param'), locale, text, versions: versions.value }
    const saved = await saveEmailTemplate(c.get('deps'), c.get('caller'), request)
    if (!saved.ok) return problem(c, saved.failure)
    versioned(c, latestVersion(saved.value))
    return c.json({ template: toTemplateView(saved.value), message: 'Draft saved' }, 200)
  })
}
