import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { newId } from '@shop/http/ids'
import { receiveUsersEvents } from '@shop/http/receive-users-events'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { groupEventHandlers } from '../../src/customer-groups/group-event-handlers.ts'
import { ordersRepositories } from '../../src/deps.ts'

let database: ServiceDatabase
let repositories: ReturnType<typeof ordersRepositories>

beforeAll(async () => {
  database = await startDatabase()
  repositories = ordersRepositories(database.as('orders'))
})
afterAll(() => database.stop())

type GroupEvent = ShopEvent<'customer_group.created' | 'customer_group.deleted' | 'customer_group.members_changed'>
type Members = { added?: string[]; removed?: string[] }

const unique = () => crypto.randomUUID()
const shared = (groupId: string, sequence: number) => ({
  ...{ id: sequence, version: 1, key: groupId, sequence, createdAt: new Date('2026-12-01T10:00:00Z') },
})
const created = (groupId: string): GroupEvent => ({
  ...{ ...shared(groupId, 1), type: 'customer_group.created', payload: { groupId } },
})
const deleted = (groupId: string, sequence: number): GroupEvent => ({
  ...{ ...shared(groupId, sequence), type: 'customer_group.deleted', payload: { groupId } },
})
const changed = (groupId: string, sequence: number, { added = [], removed = [] }: Members): GroupEvent => ({
  ...{ ...shared(groupId, sequence), type: 'customer_group.members_changed', payload: { groupId, added, removed } },
})

async function receive(...events: GroupEvent[]): Promise<void> {
  for (const event of events) {
    const receipts = await receiveUsersEvents<'orders'>(handlers(), [event])
    expect(receipts).toEqual({ ok: true, value: [{ eventId: event.id, outcome: 'done' }] })
  }
}
const handlers = () => groupEventHandlers(repositories) as Parameters<typeof receiveUsersEvents<'orders'>>[0]

/** The groups of an account, as they price what it buys. */
async function groupsOf(userId: string): Promise<string[]> {
  const query = { codes: [], now: new Date(), customerKey: `account:${userId}`, country: null, userId: null }
  return (await repositories.rules.find(query)).groupIds
}

describe('the groups that orders keeps', () => {
  it('are those of the events of users, until they are deleted', async () => {
    const [one, other] = [unique(), unique()]
    await receive(created(one), created(other), created(one))
    expect((await repositories.customerGroups.existing([one, other, unique()])).toSorted()).toEqual(
      [one, other].toSorted(),
    )
    await receive(deleted(one, 2), created(one))
    expect(await repositories.customerGroups.existing([one, other])).toEqual([other])
  })

  it('have the members of the latest event about each account', async () => {
    const [group, one, two] = [unique(), unique(), unique()]
    await receive(
      created(group),
      changed(group, 2, { added: [one, two] }),
      changed(group, 3, { removed: [one] }),
      changed(group, 2, { added: [one, two] }),
    )
    expect([await groupsOf(one), await groupsOf(two)]).toEqual([[], [group]])
  })

  it('have no members once they are deleted, whatever comes late', async () => {
    const [group, one, two] = [unique(), unique(), unique()]
    await receive(created(group), changed(group, 2, { added: [one] }), deleted(group, 4))
    await receive(changed(group, 3, { added: [one, two] }), changed(group, 2, { added: [one] }))
    expect([await groupsOf(one), await groupsOf(two)]).toEqual([[], []])
  })

  it('are none of an account that was erased, whatever comes late or again', async () => {
    const [group, gone, other] = [unique(), newId('user'), newId('user')]
    const joined = changed(group, 2, { added: [gone, other] })
    await receive(created(group), joined)
    await repositories.erasures.request(gone, new Date())
    await repositories.erasures.forget(gone)
    await receive(joined, changed(group, 4, { removed: [other] }), changed(group, 3, { added: [gone] }))
    expect([await groupsOf(gone), await groupsOf(other)]).toEqual([[], []])
  })

  it('have no members when they are deleted while members are added', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [group, member] = [unique(), unique()]
      await receive(created(group))
      await Promise.all([receive(changed(group, 2, { added: [member] })), receive(deleted(group, 3))])
      expect(await groupsOf(member)).toEqual([])
    }
  })

  it('are the same after any order of deliveries, each any number of times', async () => {
    const people = ['a', 'b', 'c']
    const history = fc.array(
      fc.record({ added: fc.subarray(people), removed: fc.subarray(people) }).map(({ added, removed }) => ({
        added,
        removed: removed.filter((id) => !added.includes(id)),
      })),
      { minLength: 1, maxLength: 5 },
    )
    const cases = fc.tuple(history, fc.boolean(), fc.infiniteStream(fc.nat()))
    await fc.assert(
      fc.asyncProperty(cases, async ([changes, isDeleted, picks]) => {
        const group = unique()
        const named = (id: string) => `${group}-${id}`
        const events = [
          created(group),
          ...changes.map(({ added, removed }, index) =>
            changed(group, index + 2, { added: added.map(named), removed: removed.map(named) }),
          ),
          ...(isDeleted ? [deleted(group, changes.length + 2)] : []),
        ]
        // Each event twice, in an order that the picks decide.
        const left = [...events, ...events]
        while (left.length > 0) {
          const pick: number = picks.next().value
          await receive(...left.splice(pick % left.length, 1))
        }
        const members = new Set<string>()
        for (const { added, removed } of isDeleted ? [] : changes) {
          for (const id of added) members.add(id)
          for (const id of removed) members.delete(id)
        }
        for (const id of people) expect(await groupsOf(named(id))).toEqual(members.has(id) ? [group] : [])
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
