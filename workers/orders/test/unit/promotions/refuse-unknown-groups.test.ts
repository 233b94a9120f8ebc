import { describe, expect, it } from 'vitest'
import { refuseUnknownGroups } from '../../../src/promotions/domain/refuse-unknown-groups.ts'

describe('the customer groups of a promotion', () => {
  it.each([
    [[], []],
    [['group_1'], ['group_1']],
    [
      ['group_2', 'group_1'],
      ['group_1', 'group_2', 'group_3'],
    ],
  ])('may be %j of %j', (named, known) => {
    expect(refuseUnknownGroups(named, known)).toEqual({ ok: true, value: undefined })
  })

  it('are refused where one does not exist, each by its place', () => {
    const message = 'is not a customer group of this shop'
    expect(refuseUnknownGroups(['group_1', 'group_2', 'group_3'], ['group_2'])).toEqual({
      ok: false,
      failure: {
        code: 'invalid_promotion',
        errors: [
          { field: 'conditions.customer_groups.0', message },
          { field: 'conditions.customer_groups.2', message },
        ],
      },
    })
  })
})
