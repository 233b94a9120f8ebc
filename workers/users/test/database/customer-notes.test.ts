import { newId } from '@shop/http/ids'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CustomerNote } from '../../src/notes/domain/customer-note.ts'
import { NOW, unique } from '../support/people.ts'
import { signedUp, type UsersRepositories, usersRepositories } from '../support/repositories.ts'

let database: ServiceDatabase
let shop: UsersRepositories

beforeAll(async () => {
  database = await startDatabase()
  shop = usersRepositories(database.as('users'))
})
afterAll(() => database.stop())

const aCustomer = async (): Promise<UserId> => (await signedUp(shop)).user.id
const newNote = (userId: UserId, text = 'Calls often'): CustomerNote => ({
  ...{ id: newId('customerNote'), userId, authorId: newId('user'), text, createdAt: NOW },
})
async function aNote(userId: UserId): Promise<CustomerNote> {
  const note = newNote(userId)
  await shop.customerNotes.insert(note)
  return note
}
const notesOf = (userId: UserId, before?: string, limit = 10) => shop.customerNotes.list({ userId, before, limit })

describe('the notes about a customer', () => {
  it('are read newest first, page by page, each as it was written', async () => {
    const userId = await aCustomer()
    const [first, second, third] = [await aNote(userId), await aNote(userId), await aNote(userId)]
    await aNote(await aCustomer())
    expect(await notesOf(userId)).toEqual([third, second, first])
    expect(await notesOf(userId, third.id, 1)).toEqual([second])
    expect(await shop.customerNotes.find(first.id)).toEqual(first)
  })

  it('may have as many characters as the limit says, whatever they are', async () => {
    const note = newNote(await aCustomer(), '😀'.repeat(2_500))
    expect(await shop.customerNotes.insert(note)).toEqual({ ok: true, value: note })
    expect(await shop.customerNotes.find(note.id)).toEqual(note)
  })

  it('are written once for a key, by one of two requests at once', async () => {
    const userId = await aCustomer()
    const key = { scope: `${unique()}:createCustomerNote`, key: 'k', requestHash: 'h' }
    const made = await Promise.all([1, 2].map(() => shop.customerNotes.insert(newNote(userId), key)))
    expect(made.find(({ ok }) => !ok)).toEqual({ ok: false, failure: { code: 'idempotency_key_known' } })
    expect(await notesOf(userId)).toHaveLength(1)
  })

  it('are of an account that exists', async () => {
    const refused = await shop.customerNotes.insert(newNote(newId('user')))
    expect(refused).toEqual({ ok: false, failure: { code: 'user_not_found' } })
  })

  it('are deleted by their account and id together, once', async () => {
    const [userId, other] = [await aCustomer(), await aCustomer()]
    const note = await aNote(userId)
    expect(await shop.customerNotes.delete(other, note.id)).toBe(false)
    expect(await shop.customerNotes.delete(userId, note.id)).toBe(true)
    expect(await shop.customerNotes.delete(userId, note.id)).toBe(false)
  })

  it('are erased with the account', async () => {
    const userId = await aCustomer()
    const note = await aNote(userId)
    await shop.db.execute(sql`delete from users.users where id = ${userId}`)
    expect(await shop.customerNotes.find(note.id)).toBeUndefined()
  })
})
