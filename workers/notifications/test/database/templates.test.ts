import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type NewDraft, type TemplateRepository, templateRepository } from '../../src/templates/repository.ts'
import { NOW } from '../support/mails.ts'

let database: ServiceDatabase
let db: Db
let templates: TemplateRepository
beforeAll(async () => {
  database = await startDatabase()
  db = database.as('notifications')
  templates = templateRepository(db)
})
afterAll(() => database.stop())
beforeEach(() => db.execute(sql`delete from notifications.email_templates`))

const NAME = { name: 'order_confirmed', locale: 'en' } as const
const aDraft = (version: number, over: Partial<NewDraft> = {}): NewDraft => ({
  ...{
    ...NAME,
    version,
    subject: `Version ${version}`,
    html: '<p></p>',
    text: 'x',
    author: newId('user'),
    createdAt: NOW,
  },
  ...over,
})
const statuses = async () => (await templates.listVersions(NAME)).map(({ version, status }) => [version, status])

describe('drafts', () => {
  it('of two writers that read the same version, one becomes the next', async () => {
    const saved = await Promise.all([templates.insertDraft(aDraft(1)), templates.insertDraft(aDraft(1))])
    expect(saved.toSorted()).toEqual([false, true])
  })

  it('are listed newest first, by mail and locale', async () => {
    for (const version of [1, 2]) await templates.insertDraft(aDraft(version))
    await templates.insertDraft(aDraft(1, { locale: 'de' }))
    expect(await statuses()).toEqual([
      [2, 'draft'],
      [1, 'draft'],
    ])
  })
})

describe('publishing', () => {
  it('leaves one published version, however many are published at once', async () => {
    for (const version of [1, 2, 3]) await templates.insertDraft(aDraft(version))
    await Promise.allSettled([1, 2, 3].map((version) => templates.publish({ ...NAME, version }, NOW)))
    expect((await statuses()).filter(([, status]) => status === 'published')).toHaveLength(1)
  })

  it('retires the version before it, and is the same when repeated', async () => {
    for (const version of [1, 2]) await templates.insertDraft(aDraft(version))
    for (const version of [1, 2, 2]) expect(await templates.publish({ ...NAME, version }, NOW)).toBe(true)
    expect(await statuses()).toEqual([
      [2, 'published'],
      [1, 'retired'],
    ])
    expect((await templates.listPublished(['en'])).get('order_confirmed/en')?.subject).toBe('Version 2')
    expect((await templates.listPublished(['de'])).size).toBe(0)
  })

  it('a version that does not exist changes nothing', async () => {
    await templates.insertDraft(aDraft(1))
    await templates.publish({ ...NAME, version: 1 }, NOW)
    expect(await templates.publish({ ...NAME, version: 9 }, NOW)).toBe(false)
    expect(await statuses()).toEqual([[1, 'published']])
  })

  it('is undone by retiring everything', async () => {
    for (const version of [1, 2]) await templates.insertDraft(aDraft(version))
    await templates.publish({ ...NAME, version: 1 }, NOW)
    expect(await templates.listStates()).toEqual([{ ...NAME, latest: 2, published: 1 }])
    await templates.retire(NAME)
    expect(await templates.listStates()).toEqual([{ ...NAME, latest: 2, published: null }])
  })
})
