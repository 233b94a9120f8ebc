import type { CustomerGroupId } from '@shop/kernel/ids'
import { describe, expect, it } from 'vitest'
import { changeGroup } from '../../src/groups/domain/customer-group.ts'
import { ChangeGroupCustomersBody, CreateCustomerGroupBody } from '../../src/groups/routes/customer-group-fields.ts'
import { NOW } from '../support/people.ts'

const id: CustomerGroupId = 'group_01jd4k2v9rf0fv8z3x1m5q7w2e'
const GROUP = { id, name: 'Wholesale', metadata: { erp_id: 'G-1' }, createdAt: NOW, updatedAt: NOW, version: 3 }

describe('a change of a customer group', () => {
  it('raises its version, and keeps what is not named', () => {
    expect(changeGroup(GROUP, { name: 'Resellers' })).toEqual({
      ok: true,
      value: { ...GROUP, name: 'Resellers', version: 4 },
    })
    expect(changeGroup(GROUP, { metadata: { erp_id: null, tier: '2' } })).toEqual({
      ok: true,
      value: { ...GROUP, metadata: { tier: '2' }, version: 4 },
    })
  })

  it.each([{}, { name: 'Wholesale' }, { metadata: { erp_id: 'G-1' } }])('is none for %j', (changes) => {
    expect(changeGroup(GROUP, changes)).toEqual({ ok: true, value: undefined })
  })

  it('is refused with too many pairs of metadata', () => {
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key ${n}`, 'x']))
    expect(changeGroup(GROUP, { metadata })).toMatchObject({ failure: { code: 'metadata_too_large' } })
  })
})

describe('the name of a customer group', () => {
  it.each(['', '  ', 'a\nb', 'x'.repeat(101)])('is not %j', (name) => {
    expect(CreateCustomerGroupBody.safeParse({ name }).success).toBe(false)
  })

  it('is stored without blanks around it', () => {
    expect(CreateCustomerGroupBody.parse({ name: ' VIP ' })).toEqual({ name: 'VIP' })
  })
})

describe('a change of members', () => {
  it('names accounts that join, accounts that leave, or both', () => {
    expect(ChangeGroupCustomersBody.parse({ add: ['user_1'] })).toEqual({ add: ['user_1'], remove: [] })
    expect(ChangeGroupCustomersBody.parse({ remove: ['user_1'] })).toEqual({ add: [], remove: ['user_1'] })
  })

  it.each([
    ['nobody', {}],
    ['empty lists', { add: [], remove: [] }],
    ['the same account in both lists', { add: ['user_1', 'user_2'], remove: ['user_1'] }],
    ['more than 500 accounts in a list', { add: Array.from({ length: 501 }, (_, n) => `user_${n}`) }],
  ])('does not name %s', (_, body) => {
    expect(ChangeGroupCustomersBody.safeParse(body).success).toBe(false)
  })
})
