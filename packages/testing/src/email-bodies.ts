type TemplateStatus = 'draft' | 'published' | 'retired'

/** A template of mails on the wire. */
export type EmailTemplateBody = {
  name: string
  locale: string
  version: number
  published_version: number | null
  versions: {
    version: number
    status: TemplateStatus
    subject: string
    html: string
    text: string
    author: string
    created_at: string
    published_at: string | null
  }[]
}

/** Which text a mail has in each locale. */
export type ListedTemplateBody = {
  name: string
  locales: { locale: string; version: number | null; published_version: number | null }[]
}

export type EmailPreviewBody = { subject: string; html: string; text: string; version: number | null }
