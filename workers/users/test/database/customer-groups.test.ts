import { isWellFormed } from '@shop/contracts/events/delivery'
import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeGroupCustomers } from '../../src/groups/change-group-customers.ts'
import type { CustomerGroup } from '../../src/groups/domain/customer-group.ts'
import { NOW, unique } from '../support/people.ts'
import { signedUp, type UsersRepositories, usersRepositories } from '../support/repositories.ts'

let database: ServiceDatabase
let shop: UsersRepositories

beforeAll(async () => {
  database = await startDatabase()
  shop = usersRepositories(database.as('users'))
})
afterAll(() => database.stop())

const newGroup = (name = unique()): CustomerGroup => ({
  ...{ id: newId('customerGroup'), name, metadata: { erp_id: 'G-1' } },
  ...{ createdAt: NOW, updatedAt: NOW, version: 1 },
})
async function aGroup(): Promise<CustomerGroup> {
  const group = newGroup()
  expect((await shop.customerGroups.insert(group)).ok).toBe(true)
  return group
}
const aCustomer = async (): Promise<UserId> => (await signedUp(shop)).user.id

const change = ({ id }: CustomerGroup, { add = [] as string[], remove = [] as string[] }, version?: number) =>
  shop.customerGroups.changeMembers({ id, add, remove, version }, NOW)
const membersOf = async ({ id: groupId }: CustomerGroup) =>
  (await shop.customerGroups.listMembers({ groupId, before: undefined, limit: 1_000 })).map(({ id }) => id)
/** Newest first. */
const eventsOf = async ({ id }: CustomerGroup) =>
  (await shop.events.list({ key: id, limit: 100 })).map((event) => {
    expect(isWellFormed(event)).toBe(true)
    return { type: event.type, sequence: event.sequence, payload: event.payload }
  })

describe('a customer group', () => {
  it('is saved with its event, and read back', async () => {
    const group = await aGroup()
    expect(await shop.customerGroups.find(group.id)).toEqual(group)
    const payload = { groupId: group.id }
    expect(await eventsOf(group)).toEqual([{ type: 'customer_group.created', sequence: 1, payload }])
    expect(await shop.customerGroups.find(newId('customerGroup'))).toBeUndefined()
  })

  it('has a name that no other has in any case, whoever asks first', async () => {
    const name = unique()
    const made = await Promise.all([
      shop.customerGroups.insert(newGroup(name)),
      shop.customerGroups.insert(newGroup(name.toUpperCase())),
    ])
    expect(made.filter(({ ok }) => ok)).toHaveLength(1)
    expect(made.find(({ ok }) => !ok)).toEqual({ ok: false, failure: { code: 'customer_group_name_taken' } })
    const other = await aGroup()
    const renamed = await shop.customerGroups.save({ ...other, name: name.toUpperCase(), version: 2 })
    expect(renamed).toEqual({ ok: false, failure: { code: 'customer_group_name_taken' } })
  })

  it('is made once for a key, by one of two requests at once', async () => {
    const key = { scope: `${unique()}:createCustomerGroup`, key: 'k', requestHash: 'h' }
    const [one, other] = [newGroup(), newGroup()]
    const made = await Promise.all([one, other].map((group) => shop.customerGroups.insert(group, key)))
    expect(made.find(({ ok }) => !ok)).toEqual({ ok: false, failure: { code: 'idempotency_key_known' } })
    const found = await Promise.all([one, other].map(({ id }) => shop.customerGroups.find(id)))
    expect(found.filter((group) => group !== undefined)).toHaveLength(1)
  })

  it('is changed by one of two writers that read the same version', async () => {
    const group = await aGroup()
    const changed = ['a', 'b'].map((tier) => ({ ...group, metadata: { tier }, version: 2 }))
    const saved = await Promise.all(changed.map((one) => shop.customerGroups.save(one)))
    expect(saved.map((result) => result.ok && result.value).toSorted()).toEqual([false, true])
    expect((await eventsOf(group)).map(({ type, sequence }) => [type, sequence])).toEqual([
      ['customer_group.updated', 2],
      ['customer_group.created', 1],
    ])
  })

  it('is deleted with its memberships, and not from an old version', async () => {
    const group = await aGroup()
    const customer = await aCustomer()
    await change(group, { add: [customer] })
    expect(await shop.customerGroups.delete(group, NOW)).toBe(false)
    expect(await shop.customerGroups.delete({ ...group, version: 2 }, NOW)).toBe(true)
    expect(await shop.customerGroups.ofUser(customer)).toEqual([])
    const [last] = await eventsOf(group)
    expect(last).toEqual({ type: 'customer_group.deleted', sequence: 3, payload: { groupId: group.id } })
    expect(await change(group, { add: [customer] })).toEqual({ ok: true, value: undefined })
  })
})

describe('the members of a group', () => {
  it('join and leave by one event, which names only those for whom something changed', async () => {
    const group = await aGroup()
    const [one, two, three] = [await aCustomer(), await aCustomer(), await aCustomer()]
    expect(await change(group, { add: [two, one, two] })).toMatchObject({ ok: true, value: { version: 2 } })
    expect(await change(group, { add: [two, three], remove: [one] })).toMatchObject({ value: { version: 3 } })
    expect(await membersOf(group)).toEqual([three, two])
    expect((await eventsOf(group)).slice(0, 2)).toEqual([
      {
        ...{ type: 'customer_group.members_changed', sequence: 3 },
        payload: { groupId: group.id, added: [three], removed: [one] },
      },
      {
        ...{ type: 'customer_group.members_changed', sequence: 2 },
        payload: { groupId: group.id, added: [one, two], removed: [] },
      },
    ])
    expect((await shop.customerGroups.ofUser(two)).map(({ id }) => id)).toEqual([group.id])
  })

  it('change nothing when they are what they are to be: no version and no event', async () => {
    const group = await aGroup()
    const [member, other] = [await aCustomer(), await aCustomer()]
    await change(group, { add: [member] })
    const again = await change(group, { add: [member], remove: [other, newId('user'), 'no id'] })
    expect(again).toMatchObject({ ok: true, value: { version: 2 } })
    expect(await eventsOf(group)).toHaveLength(2)
  })

  it('are left as they are when one of those who join has no account', async () => {
    const group = await aGroup()
    const [member, ghost] = [await aCustomer(), newId('user')]
    const refused = await change(group, { add: [member, ghost, 'no id'], remove: [] })
    expect(refused).toEqual({ ok: false, failure: { code: 'customers_not_found', userIds: [ghost, 'no id'] } })
    expect([await membersOf(group), (await eventsOf(group)).length]).toEqual([[], 1])
  })

  it('are left as they are when an id is text that the database cannot store', async () => {
    const group = await aGroup()
    const staff = { kind: 'user', userId: await aCustomer(), role: 'support' } as Caller
    const deps = { customerGroups: shop.customerGroups, now: () => NOW, wakeDeliveries: async () => {} }
    const request = (lists: { add?: string[]; remove?: string[] }) =>
      changeGroupCustomers(deps, staff, { id: group.id, add: [], remove: [], versions: undefined, ...lists })
    const failure = { code: 'customers_not_found', userIds: ['\u0000', '\ud800'] }
    expect(await request({ add: ['\u0000', '\ud800'] })).toEqual({ ok: false, failure })
    expect(await request({ remove: ['\u0000', '\ud800'] })).toMatchObject({ ok: true, value: { version: 1 } })
  })

  it('change only from the version that was asked for', async () => {
    const group = await aGroup()
    const customer = await aCustomer()
    expect(await change(group, { add: [customer] }, 7)).toEqual({ ok: true, value: undefined })
    expect(await change(group, { add: [customer] }, 1)).toMatchObject({ value: { version: 2 } })
  })

  it('are read page by page, newest account first', async () => {
    const group = await aGroup()
    const customers = [await aCustomer(), await aCustomer(), await aCustomer()]
    await change(group, { add: customers })
    const page = { groupId: group.id, limit: 2 }
    const first = await shop.customerGroups.listMembers({ ...page, before: undefined })
    const rest = await shop.customerGroups.listMembers({ ...page, before: first.at(-1)?.id })
    expect([...first, ...rest].map(({ id }) => id)).toEqual(customers.toReversed())
  })

  it('leave with their account', async () => {
    const group = await aGroup()
    const customer = await aCustomer()
    await change(group, { add: [customer] })
    await shop.db.execute(sql`delete from users.users where id = ${customer}`)
    expect(await membersOf(group)).toEqual([])
  })
})

describe('members that join and leave at once', () => {
  it('are in the end what the events say, in their order', async () => {
    const group = await aGroup()
    const customers = [await aCustomer(), await aCustomer(), await aCustomer()]
    const [one = '', two = '', three = ''] = customers
    await Promise.all([
      change(group, { add: [one, two] }),
      change(group, { add: [two, one], remove: [three] }),
      change(group, { add: [three], remove: [one] }),
      change(group, { remove: [two] }),
      change(group, { add: [one], remove: [two] }),
      change(group, { add: [two, three] }),
    ])
    const told = new Set<string>()
    for (const { payload } of (await eventsOf(group)).toReversed()) {
      if (!('added' in payload)) continue
      for (const id of payload.added) {
        expect(told.has(id)).toBe(false)
        told.add(id)
      }
      for (const id of payload.removed) expect(told.delete(id)).toBe(true)
    }
    expect((await membersOf(group)).toSorted()).toEqual([...told].toSorted())
  })

  it('find the group deleted, or are deleted with it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const group = await aGroup()
      const customer = await aCustomer()
      const [added] = await Promise.all([
        change(group, { add: [customer] }),
        shop.customerGroups.delete(group, NOW),
        shop.customerGroups.delete({ ...group, version: 2 }, NOW),
      ])
      const isLeft = (await shop.customerGroups.find(group.id)) !== undefined
      const wasAdded = added.ok && added.value !== undefined
      expect((await membersOf(group)).length).toBe(isLeft && wasAdded ? 1 : 0)
      expect(isLeft && !wasAdded).toBe(false)
    }
  })
})
