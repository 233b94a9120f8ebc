import { MAIL_TEMPLATES, TEMPLATE_STATUSES } from '@shop/contracts/notifications/states'
import { Instant, text } from '@shop/kernel/text'
import { z } from 'zod'
import { latestVersion, publishedOf, type Template } from '../domain/template.ts'

export const TemplateParams = z.object({
  name: z.string().min(1).max(50).meta({ description: 'Name of the mail', example: 'order_confirmed' }),
})

export const LocaleField = z
  .string()
  .min(2)
  .max(35)
  .optional()
  .meta({ description: 'One of the locales of the shop; the first by default', example: 'en' })

/** What staff write. Liquid: docs/mails.md lists the variables. */
export const templateText = {
  subject: text(1, 500).meta({ example: 'Your order at {{ shop.name }}' }),
  html: text(1, 200_000).meta({ example: '<p>Hello {{ recipient.name }},</p><p>Total: {{ order.total }}</p>' }),
  text: text(1, 100_000).meta({ example: 'Hello {{ recipient.name }}, total: {{ order.total }}' }),
}

const VersionView = z.strictObject({
  version: z.int().meta({ example: 3 }),
  status: z.enum(TEMPLATE_STATUSES).meta({ example: 'published' }),
  ...templateText,
  author: z.string().meta({ description: 'Account of staff', example: 'user_01jd3x8k2re9tb6vz4m5n7p8qs' }),
  created_at: Instant,
  published_at: Instant.nullable(),
})

const EmailTemplateView = z
  .strictObject({
    name: z.enum(MAIL_TEMPLATES),
    locale: z.string().meta({ example: 'en' }),
    version: z.int().meta({ description: 'Of the newest text; 0 where staff have written none', example: 3 }),
    published_version: z.int().nullable().meta({ description: "Null: the shop's own template", example: 3 }),
    versions: z.array(VersionView).meta({ description: 'Newest first, at most 50' }),
  })
  .meta({ id: 'EmailTemplate' })

export const TemplateResponse = z.strictObject({ template: EmailTemplateView }).meta({ id: 'EmailTemplateResponse' })

/** The answer to a write. */
export const TemplateWithMessage = z
  .strictObject({ template: EmailTemplateView, message: z.string().meta({ example: 'Draft saved' }) })
  .meta({ id: 'EmailTemplateWithMessage' })

export function toTemplateView(template: Template): z.infer<typeof EmailTemplateView> {
  return {
    name: template.name,
    locale: template.locale,
    version: latestVersion(template),
    published_version: publishedOf(template)?.version ?? null,
    versions: template.versions.map((one) => ({
      version: one.version,
      status: one.status,
      subject: one.subject,
      html: one.html,
      text: one.text,
      author: one.author,
      created_at: one.createdAt.toISOString(),
      published_at: one.publishedAt?.toISOString() ?? null,
    })),
  }
}
