import { users } from '@shop/db/schema/users'
import { newId } from '@shop/http/ids'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CustomerAddress, DefaultChoice } from '../../src/addresses/domain/customer-address.ts'
import { NOW } from '../support/people.ts'
import { signedUp, type UsersRepositories, usersRepositories } from '../support/repositories.ts'

let database: ServiceDatabase
let shop: UsersRepositories

beforeAll(async () => {
  database = await startDatabase()
  shop = usersRepositories(database.as('users'))
})
afterAll(() => database.stop())

/** As a request that says nothing of defaults. */
const UNSAID = {}
const NEITHER = { defaultShipping: false, defaultBilling: false }
const BOTH = { defaultShipping: true, defaultBilling: true }

const aCustomer = async (): Promise<UserId> => (await signedUp(shop)).user.id

function anAddress(userId: UserId): CustomerAddress {
  const address = { line1: '1 Main Street', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' }
  const times = { createdAt: NOW, updatedAt: NOW, version: 1 }
  return { id: newId('address'), userId, address, isDefaultShipping: false, isDefaultBilling: false, ...times }
}

async function added(userId: UserId, chosen: DefaultChoice = UNSAID): Promise<CustomerAddress> {
  const saved = await shop.addresses.insert(anAddress(userId), chosen)
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value
}

/** The rule of a book whose defaults nobody took away: one of each kind, unless it is empty, and the right count. */
async function expectSound(userId: UserId): Promise<CustomerAddress[]> {
  const all = await shop.addresses.list(userId)
  const expected = all.length === 0 ? 0 : 1
  expect(all.filter(({ isDefaultShipping }) => isDefaultShipping)).toHaveLength(expected)
  expect(all.filter(({ isDefaultBilling }) => isDefaultBilling)).toHaveLength(expected)
  const [row] = await shop.db.select({ count: users.addressCount }).from(users).where(eq(users.id, userId))
  expect(row?.count).toBe(all.length)
  return all
}

describe('the defaults of an address book', () => {
  it('are its first address, until another one becomes it', async () => {
    const userId = await aCustomer()
    const first = await added(userId)
    expect(first).toMatchObject({ isDefaultShipping: true, isDefaultBilling: true })
    const second = await added(userId, { defaultShipping: true })
    expect(second).toMatchObject({ isDefaultShipping: true, isDefaultBilling: false })
    const third = await added(userId)
    expect(third).toMatchObject({ isDefaultShipping: false, isDefaultBilling: false })
    expect(await shop.addresses.find(userId, first.id)).toMatchObject({
      isDefaultShipping: false,
      isDefaultBilling: true,
    })
    await shop.addresses.save({ ...third, version: 2 }, { defaultBilling: true })
    expect(await shop.addresses.find(userId, third.id)).toMatchObject({ isDefaultBilling: true, version: 2 })
    await expectSound(userId)
  })

  it('are taken away from the address that has them, and from no other', async () => {
    const userId = await aCustomer()
    const [first, second] = [await added(userId), await added(userId)]
    expect(await shop.addresses.save({ ...second, version: 2 }, NEITHER)).toMatchObject({ isDefaultBilling: false })
    expect(await shop.addresses.find(userId, first.id)).toMatchObject({ isDefaultShipping: true })
    const changed = await shop.addresses.save({ ...first, version: 2 }, { defaultShipping: false })
    expect(changed).toMatchObject({ isDefaultShipping: false, isDefaultBilling: true })
    expect(await added(userId)).toMatchObject({ isDefaultShipping: false, isDefaultBilling: false })
    expect(await shop.addresses.delete(second)).toBe(false)
    expect(await shop.addresses.delete({ ...second, version: 2 })).toBe(true)
    const left = await shop.addresses.list(userId)
    expect(left.filter(({ isDefaultShipping }) => isDefaultShipping)).toEqual([])
  })

  it('are not given to a first address that is not to be one', async () => {
    const userId = await aCustomer()
    expect(await added(userId, NEITHER)).toMatchObject({ isDefaultShipping: false, isDefaultBilling: false })
    expect(await added(userId)).toMatchObject({ isDefaultShipping: false, isDefaultBilling: false })
  })

  it('go to the oldest other address when the default is deleted, and to none with the last one', async () => {
    const userId = await aCustomer()
    const [first, second, third] = [await added(userId), await added(userId), await added(userId, BOTH)]
    expect(await shop.addresses.delete(third)).toBe(true)
    expect(await shop.addresses.find(userId, first.id)).toMatchObject({
      isDefaultShipping: true,
      isDefaultBilling: true,
    })
    expect(await shop.addresses.delete(second)).toBe(true)
    expect(await shop.addresses.delete(first)).toBe(true)
    expect(await expectSound(userId)).toEqual([])
    await added(userId)
    await expectSound(userId)
  })

  it('stay one of each kind when several addresses become it, come and go at once', async () => {
    const userId = await aCustomer()
    const before = [await added(userId), await added(userId), await added(userId), await added(userId)]
    await Promise.all([
      ...before.slice(0, 3).map((one) => shop.addresses.delete(one)),
      ...before.slice(1).map((one) => shop.addresses.save({ ...one, version: 2 }, BOTH)),
      ...Array.from({ length: 4 }, () => added(userId, BOTH)),
    ])
    await expectSound(userId)
  })

  it('stay one of each kind while a book is emptied and filled at once', async () => {
    const userId = await aCustomer()
    for (let round = 0; round < 10; round += 1) {
      const one = (await shop.addresses.list(userId))[0] ?? (await added(userId))
      await Promise.all([shop.addresses.delete(one), added(userId), shop.addresses.delete(one)])
      await expectSound(userId)
    }
  })
})

describe('an address', () => {
  it('is changed by one of two writers that read the same version', async () => {
    const one = await added(await aCustomer())
    const changes = ['2 Side Street', '3 Back Street'].map((line1) => ({
      ...one,
      address: { ...one.address, line1 },
      version: 2,
    }))
    const saved = await Promise.all(changes.map((change) => shop.addresses.save(change, UNSAID)))
    expect(saved.filter((change) => change !== undefined)).toHaveLength(1)
    expect(await shop.addresses.find(one.userId, one.id)).toEqual(saved.find((change) => change !== undefined))
  })

  it('of somebody else is not there: it is neither found, changed nor deleted', async () => {
    const one = await added(await aCustomer())
    const stranger = await aCustomer()
    expect(await shop.addresses.find(stranger, one.id)).toBeUndefined()
    expect(await shop.addresses.save({ ...one, userId: stranger, version: 2 }, BOTH)).toBeUndefined()
    expect(await shop.addresses.delete({ ...one, userId: stranger })).toBe(false)
    await expectSound(stranger)
    expect(await shop.addresses.find(one.userId, one.id)).toEqual(one)
  })

  it('beyond fifty is refused, however many are added at once', async () => {
    const userId = await aCustomer()
    for (let n = 0; n < 45; n += 1) await added(userId)
    const more = await Promise.all(Array.from({ length: 10 }, () => shop.addresses.insert(anAddress(userId), UNSAID)))
    expect(more.filter(({ ok }) => ok)).toHaveLength(5)
    expect(more.find(({ ok }) => !ok)).toEqual({ ok: false, failure: { code: 'too_many_addresses', maximum: 50 } })
    expect(await expectSound(userId)).toHaveLength(50)
  })

  it('is added once for a key, by one of two requests at once', async () => {
    const userId = await aCustomer()
    const key = { scope: `${userId}:createAddress`, key: 'k', requestHash: 'h' }
    const results = await Promise.all([1, 2].map(() => shop.addresses.insert(anAddress(userId), UNSAID, key)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.find(({ ok }) => !ok)).toEqual({ ok: false, failure: { code: 'idempotency_key_known' } })
    await expectSound(userId)
  })
})
