import { MAIL_TEMPLATES } from '@shop/contracts/notifications/states'
import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { listEmailTemplates } from '../list-email-templates.ts'

const version = z.int().nullable().meta({ example: 3 })

const EmailTemplateList = z
  .strictObject({
    templates: z.array(
      z.strictObject({
        name: z.enum(MAIL_TEMPLATES).meta({ example: 'order_confirmed' }),
        locales: z.array(
          z.strictObject({
            locale: z.string().meta({ example: 'en' }),
            version: version.meta({ description: 'Of the newest text; null where staff have written none' }),
            published_version: version.meta({ description: "Null: the shop's own template" }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'EmailTemplateList' })

const route = createRoute({
  method: 'get',
  path: '/api/email-templates',
  operationId: 'listEmailTemplates',
  tags: ['E-mail'],
  summary: 'List the mails of the shop, and which have a text of their own (staff)',
  access: scope('email_templates:read'),
  responses: {
    200: json('Every mail, in each locale of the shop', EmailTemplateList),
    ...problems(),
  },
})

export function addListEmailTemplates(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listEmailTemplates(c.get('deps'), c.get('caller'))
    if (!listed.ok) return problem(c, listed.failure)
    const templates = listed.value.map(({ name, locales }) => ({
      name,
      locales: locales.map(({ locale, latest, published }) => ({
        locale,
        version: latest,
        published_version: published,
      })),
    }))
    return c.json({ templates }, 200)
  })
}
