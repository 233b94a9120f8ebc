import { describe, expect, it } from 'vitest'
import type { Attribute } from '../../../src/attributes/domain/attribute.ts'
import { checkAttributes, type ProductAttributes } from '../../../src/attributes/domain/product-attributes.ts'
import { NOW } from '../../support/catalog.ts'

const declare = (key: string, type: Attribute['type'], values: string[] | null = null): Attribute => ({
  ...{ id: 1, key, label: key, type, values, isFilterable: true },
  ...{ createdAt: NOW, updatedAt: NOW, version: 1 },
})

const DECLARED = [
  declare('fit', 'text'),
  declare('weight', 'number'),
  declare('organic', 'boolean'),
  declare('material', 'list', ['Cotton', 'Wool']),
]

const check = (given: ProductAttributes) => checkAttributes(DECLARED, given)

describe('the attributes of a product', () => {
  it('are accepted where they are of the declared type', () => {
    const given = { fit: 'slim', weight: 1.5, organic: false, material: ['Wool', 'Cotton'] }
    expect(check(given)).toEqual({ ok: true, value: given })
    expect(check({})).toEqual({ ok: true, value: {} })
  })

  it('may have one value of a list without its array, and each value once', () => {
    expect(check({ material: 'Wool' })).toEqual({ ok: true, value: { material: ['Wool'] } })
    expect(check({ material: ['Wool', 'Wool'] })).toEqual({ ok: true, value: { material: ['Wool'] } })
    expect(check({ material: [] })).toEqual({ ok: true, value: { material: [] } })
  })

  it('may be of any type where they are not declared', () => {
    const given = { colour: 'red', layers: 3, washable: true, notes: ['a', 'b'] }
    expect(check(given)).toEqual({ ok: true, value: given })
  })

  it.each([
    [{ fit: 1 }, 'fit'],
    [{ fit: ['slim'] }, 'fit'],
    [{ weight: '1.5' }, 'weight'],
    [{ organic: 'yes' }, 'organic'],
    [{ material: 'Silk' }, 'material'],
    [{ material: ['Wool', 'Silk'] }, 'material'],
    [{ material: 1 }, 'material'],
  ])('are refused as %j for their %s', (given, key) => {
    expect(check({ ...given, other: 'fine' })).toMatchObject({
      ok: false,
      failure: { code: 'invalid_attributes', errors: [{ field: `attributes.${key}` }] },
    })
  })

  it('are refused for all their errors at once', () => {
    const checked = check({ fit: 1, weight: 'x', organic: true })
    expect(!checked.ok && checked.failure.errors.map(({ field }) => field)).toEqual([
      'attributes.fit',
      'attributes.weight',
    ])
  })
})
