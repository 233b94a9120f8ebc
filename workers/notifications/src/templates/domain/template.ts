import type { MailTemplate, TemplateStatus } from '@shop/contracts/notifications/states'
import { MAIL_TEMPLATES } from '@shop/contracts/notifications/states'

/** What staff write: Liquid. */
export type TemplateText = { subject: string; html: string; text: string }

/** What a template belongs to. */
export type TemplateName = { name: MailTemplate; locale: string }

/** A version of a template. Its text never changes; saving a draft makes another version. */
export type TemplateVersion = TemplateName &
  TemplateText & {
    version: number
    status: TemplateStatus
    author: string
    createdAt: Date
    publishedAt: Date | null
  }

/** A template with its versions, newest first. Without any, mails are written with the shop's own. */
export type Template = TemplateName & { versions: TemplateVersion[] }

/** The templates that mails are written with, by {@link templateKey}. */
export type PublishedTemplates = ReadonlyMap<string, TemplateText>

export const templateKey = ({ name, locale }: TemplateName): string => `${name}/${locale}`

export const isMailTemplate = (name: string): name is MailTemplate => MAIL_TEMPLATES.some((known) => known === name)

/** The version of the newest text; 0 where staff have written none. */
export const latestVersion = ({ versions }: Template): number => versions[0]?.version ?? 0

export const publishedOf = ({ versions }: Template): TemplateVersion | undefined =>
  versions.find(({ status }) => status === 'published')

/** What a preview shows: the newest text, unless everything was put back. */
export function previewedOf({ versions }: Template): TemplateVersion | undefined {
  const [latest] = versions
  return latest?.status === 'retired' ? publishedOf({ name: latest.name, locale: latest.locale, versions }) : latest
}
