import { newId } from '@shop/http/ids'
import { addSeconds } from '@shop/kernel/time'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LiveTicket } from '../../src/live/domain/ticket.ts'
import { type LiveRepository, liveRepository } from '../../src/live/repository.ts'
import { NOW } from '../support/live.ts'

let database: ServiceDatabase
let live: LiveRepository
beforeAll(async () => {
  database = await startDatabase()
  live = liveRepository(database.as('notifications'))
})
afterAll(() => database.stop())
beforeEach(async () => {
  await database.as('notifications').execute(sql`delete from notifications.live_tickets`)
  await database.as('notifications').execute(sql`delete from notifications.live_topics`)
})

const aTicket = (over: Partial<LiveTicket> = {}): LiveTicket => ({
  tokenHash: crypto.randomUUID(),
  topics: ['order:a', 'stock:7'],
  credential: { kind: 'session', userId: newId('user'), sessionId: newId('session') },
  expiresAt: addSeconds(NOW, 60),
  ...over,
})
const DAY = 86_400

describe('a ticket', () => {
  it('is used by one of ten who try at once', async () => {
    const ticket = aTicket()
    await live.create(ticket, NOW)
    const used = await Promise.all(Array.from({ length: 10 }, () => live.use(ticket.tokenHash, NOW)))
    const { topics, credential } = ticket
    expect(used.filter((one) => one !== undefined)).toEqual([{ topics, credential }])
  })

  it('has no credential when its topics need none', async () => {
    const ticket = aTicket({ credential: undefined })
    await live.create(ticket, NOW)
    expect((await live.use(ticket.tokenHash, NOW))?.credential).toBeUndefined()
  })

  it('is worth nothing after a minute', async () => {
    const ticket = aTicket()
    await live.create(ticket, NOW)
    expect(await live.use(ticket.tokenHash, addSeconds(NOW, 60))).toBeUndefined()
  })

  it('makes its topics listened to, and two at once do not conflict', async () => {
    await Promise.all([
      live.create(aTicket({ topics: ['a', 'b'] }), NOW),
      live.create(aTicket({ topics: ['b', 'a'] }), NOW),
    ])
    expect(await live.listened(['a', 'b', 'c'])).toEqual(new Set(['a', 'b']))
  })
})

describe('a topic', () => {
  it('is forgotten, unless somebody asked for it again', async () => {
    await live.create(aTicket({ topics: ['old', 'new'] }), NOW)
    const later = addSeconds(NOW, 3_600)
    await live.create(aTicket({ topics: ['new'] }), later)
    await live.forget(['old', 'new'], addSeconds(later, -600))
    expect(await live.listened(['old', 'new'])).toEqual(new Set(['new']))
  })

  it('is deleted two days after it was asked for last, and an expired ticket at once', async () => {
    await live.create(aTicket({ topics: ['old'] }), NOW)
    const later = addSeconds(NOW, 2 * DAY + 1)
    const ticket = aTicket({ topics: ['new'], expiresAt: addSeconds(later, 60) })
    await live.create(ticket, later)
    expect(await live.prune(later)).toBe(2)
    expect(await live.listened(['old', 'new'])).toEqual(new Set(['new']))
    expect(await live.use(ticket.tokenHash, later)).toBeDefined()
  })
})
