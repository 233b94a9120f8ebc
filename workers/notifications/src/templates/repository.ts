import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { emailTemplates } from '@shop/db/schema/notifications'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import {
  type PublishedTemplates,
  type TemplateName,
  type TemplateText,
  type TemplateVersion,
  templateKey,
} from './domain/template.ts'

/** Versions of one template that are shown; older ones are kept. */
const MOST_VERSIONS = 50

export type TemplateRepository = ReturnType<typeof templateRepository>

export type NewDraft = TemplateName & TemplateText & { version: number; author: string; createdAt: Date }

export const templateRepository = (db: Db) => ({
  /** The templates that mails are written with, in these locales. */
  async listPublished(locales: string[]): Promise<PublishedTemplates> {
    const rows = await db
      .select()
      .from(emailTemplates)
      .where(and(eq(emailTemplates.status, 'published'), inArray(emailTemplates.locale, locales)))
    return new Map(rows.map((row) => [templateKey(row), { subject: row.subject, html: row.html, text: row.text }]))
  },

  /** The newest versions of a template, newest first. */
  async listVersions({ name, locale }: TemplateName): Promise<TemplateVersion[]> {
    return db
      .select()
      .from(emailTemplates)
      .where(ofTemplate({ name, locale }))
      .orderBy(desc(emailTemplates.version))
      .limit(MOST_VERSIONS)
  },

  /** The published and the newest version of every template that staff have written. */
  async listStates(): Promise<(TemplateName & { latest: number; published: number | null })[]> {
    const rows = await db
      .select({
        name: emailTemplates.name,
        locale: emailTemplates.locale,
        latest: sql<number>`max(${emailTemplates.version})::int`,
        published: sql<
          number | null
        >`max(${emailTemplates.version}) filter (where ${emailTemplates.status} = 'published')::int`,
      })
      .from(emailTemplates)
      .groupBy(emailTemplates.name, emailTemplates.locale)
    return rows.map((row) => ({
      ...row,
      latest: Number(row.latest),
      published: row.published === null ? null : Number(row.published),
    }))
  },

  /**
   * Saves another version. The primary key is the lock: of two writers that read the same versions, one gets the next.
   *
   * @returns false when another writer won
   */
  async insertDraft(draft: NewDraft): Promise<boolean> {
    try {
      await db.insert(emailTemplates).values({ ...draft, status: 'draft' })
      return true
    } catch (error) {
      if (isUniqueViolation(error, 'email_templates_name_locale_version_pk')) return false
      throw error
    }
  },

  /**
   * Publishes a version in place of the one that is published, in one transaction. Publishing it again changes nothing.
   *
   * @returns false when there is no such version
   */
  async publish({ name, locale, version }: TemplateName & { version: number }, now: Date): Promise<boolean> {
    const [, published] = await db.batch([
      db
        .update(emailTemplates)
        .set({ status: 'retired' })
        .where(
          and(
            ofTemplate({ name, locale }),
            eq(emailTemplates.status, 'published'),
            sql`${emailTemplates.version} <> ${version}`,
            sql`exists (select from ${emailTemplates} one
                where one.name = ${name} and one.locale = ${locale} and one.version = ${version})`,
          ),
        ),
      db
        .update(emailTemplates)
        .set({ status: 'published', publishedAt: now })
        .where(and(ofTemplate({ name, locale }), eq(emailTemplates.version, version)))
        .returning({ version: emailTemplates.version }),
    ])
    return published.length === 1
  },

  /** Puts the shop's own template back: nothing is published any more, and no draft waits. */
  async retire({ name, locale }: TemplateName): Promise<void> {
    await db
      .update(emailTemplates)
      .set({ status: 'retired' })
      .where(and(ofTemplate({ name, locale }), sql`${emailTemplates.status} <> 'retired'`))
  },
})

const ofTemplate = ({ name, locale }: TemplateName) =>
  and(eq(emailTemplates.name, name), eq(emailTemplates.locale, locale))
