import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { addSeconds } from '@shop/kernel/time'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keyOf, type NewMail } from '../../src/mails/domain/mail.ts'
import { type MailRepository, mailRepository } from '../../src/mails/repository.ts'
import { suppressionRepository } from '../../src/suppressions/repository.ts'
import { NOW } from '../support/mails.ts'

let database: ServiceDatabase
let db: Db
let mails: MailRepository
beforeAll(async () => {
  database = await startDatabase()
  db = database.as('notifications')
  mails = mailRepository(db)
})
afterAll(() => database.stop())
beforeEach(() => db.execute(sql`delete from notifications.mails`))

const aMail = (over: Partial<NewMail> = {}): NewMail => ({
  ...{ id: newId('mail'), source: 'orders', eventId: 7, occasion: newId('order'), template: 'order_confirmed' },
  ...{ recipient: 'customer', addressHash: crypto.randomUUID(), ...over },
})
const again = (mail: NewMail): NewMail => ({ ...mail, id: newId('mail') })
const claim = async (mail: NewMail, seconds = 0) =>
  (await mails.claim([mail], addSeconds(NOW, seconds))).get(keyOf(mail))
const sent = { status: 'sent', providerId: 're_1' } as const

describe('a mail', () => {
  it('is claimed by one of twenty senders at once', async () => {
    const mail = aMail()
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(again(mail))))
    expect(claims.filter((one) => one?.state === 'claimed')).toHaveLength(1)
    expect(claims.filter((one) => one?.state === 'busy')).toHaveLength(19)
  })

  it('is never claimed again once it is sent', async () => {
    const mail = aMail()
    await claim(mail)
    await mails.settle(mail.id, sent, NOW)
    expect(await claim(again(mail), 3_600)).toEqual({ state: 'ended' })
  })

  it('is never claimed again once it was refused for good', async () => {
    const mail = aMail()
    await claim(mail)
    await mails.settle(mail.id, { status: 'failed', failure: 'validation_error' }, NOW)
    expect(await claim(again(mail), 3_600)).toEqual({ state: 'ended' })
  })

  it('is listed to the owner of its address, newest first, and to nobody else', async () => {
    const addressHash = crypto.randomUUID()
    const [first, second] = [aMail({ addressHash }), aMail({ addressHash })]
    await claim(first)
    await claim(second, 60)
    await claim(aMail())
    await mails.settle(first.id, sent, NOW)
    expect(await mails.listTo(addressHash, 10)).toEqual([
      { template: 'order_confirmed', status: 'queued', createdAt: addSeconds(NOW, 60) },
      { template: 'order_confirmed', status: 'sent', createdAt: NOW },
    ])
    expect(await mails.listTo(addressHash, 1)).toHaveLength(1)
  })

  it('is claimed again at once when its provider was down, as the same mail', async () => {
    const mail = aMail()
    await claim(mail)
    await mails.settle(mail.id, { status: 'retry', failure: 'service_unavailable' }, NOW)
    expect(await claim(again(mail))).toEqual({ state: 'claimed', id: mail.id })
  })

  it('is claimed again a minute after its sender died, not before', async () => {
    const mail = aMail()
    await claim(mail)
    expect(await claim(again(mail), 59)).toEqual({ state: 'busy' })
    const takers = await Promise.all([claim(again(mail), 60), claim(again(mail), 60)])
    expect(takers.filter((one) => one?.state === 'claimed')).toEqual([{ state: 'claimed', id: mail.id }])
  })

  it('stays as it ended when a sender that was late settles it, too', async () => {
    const mail = aMail()
    await claim(mail)
    await mails.settle(mail.id, sent, NOW)
    await mails.settle(mail.id, { status: 'retry', failure: 'service_unavailable' }, NOW)
    const { rows } = await db.execute(sql`select status, provider_id from notifications.mails where id = ${mail.id}`)
    expect(rows).toEqual([{ status: 'sent', provider_id: 're_1' }])
  })

  it('is another one for another recipient, template, occasion or service', async () => {
    const mail = aMail()
    const others: NewMail[] = [
      again({ ...mail, recipient: newId('user') }),
      again({ ...mail, template: 'order_shipped' }),
      again({ ...mail, occasion: 'event:8' }),
      again({ ...mail, source: 'payments' }),
    ]
    const claims = await mails.claim([mail, ...others], NOW)
    expect([...claims.values()].map(({ state }) => state)).toEqual(Array(5).fill('claimed'))
  })

  it('is written in one round trip, however many there are', async () => {
    database.resetCounts()
    await mails.claim([aMail(), aMail(), aMail()], NOW)
    expect(database.counts().roundTrips).toBe(1)
  })

  it('has nothing personal', async () => {
    await claim(aMail())
    const { rows } = await db.execute(sql`select to_jsonb(m) as mail from notifications.mails m`)
    expect(JSON.stringify(rows)).not.toMatch(/@|name|locale/)
  })

  it('is deleted after 180 days, a thousand at once', async () => {
    await db.execute(sql`
      insert into notifications.mails (id, source, event_id, occasion, template, recipient, address_hash, status,
                                       lease_until, created_at, updated_at)
      select 'mail_' || n, 'orders', n, 'event:' || n, 'order_shipped', 'customer', '', 'sent', now(),
             ${NOW.toISOString()}::timestamptz, now()
      from generate_series(1, 1001) n`)
    const after = addSeconds(NOW, 180 * 86_400)
    expect(await mails.prune(after)).toBe(0)
    expect([await mails.prune(addSeconds(after, 1)), await mails.prune(addSeconds(after, 1))]).toEqual([1_000, 1])
  })
})

describe('an address that is suppressed', () => {
  it('gets no mail from then on, and the mail is ended', async () => {
    const mail = aMail()
    await suppressionRepository(db).add([mail.addressHash], 'bounced', NOW)
    expect(await claim(mail)).toEqual({ state: 'suppressed' })
    expect(await claim(again(mail), 3_600)).toEqual({ state: 'ended' })
  })

  it('gets no mail that waited for its provider, either', async () => {
    const mail = aMail()
    await claim(mail)
    await mails.settle(mail.id, { status: 'retry', failure: 'service_unavailable' }, NOW)
    await suppressionRepository(db).add([mail.addressHash], 'complained', NOW)
    expect(await claim(again(mail))).toEqual({ state: 'suppressed' })
  })

  it('keeps its first reason, however often it is reported', async () => {
    const hash = crypto.randomUUID()
    const suppressions = suppressionRepository(db)
    await Promise.all([suppressions.add([hash], 'bounced', NOW), suppressions.add([hash], 'bounced', NOW)])
    await suppressions.add([hash], 'complained', NOW)
    const { rows } = await db.execute(sql`select reason from notifications.suppressions where address_hash = ${hash}`)
    expect(rows).toEqual([{ reason: 'bounced' }])
  })
})
