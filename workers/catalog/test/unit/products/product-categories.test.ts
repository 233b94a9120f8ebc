import { describe, expect, it } from 'vitest'
import { wantedCategories } from '../../../src/products/domain/product-categories.ts'

const product = { category: 'Kitchen', categoryIds: [3, 5, 7] }

describe('the categories of a product', () => {
  it.each([
    ['nothing', {}],
    ['no category for a new product', { category: null }],
    ['a blank name for a new product', { category: ' \u200b' }],
  ])('stay as they are with %s', (_, choice) => {
    expect(wantedCategories(undefined, choice)).toBeUndefined()
  })

  it.each([{}, { category: 'Kitchen' }, { category: ' kITCHEN ' }])('stay as they are with %j', (choice) => {
    expect(wantedCategories(product, choice)).toBeUndefined()
  })

  it('begin with the one that is named, in place of the primary one', () => {
    expect(wantedCategories(undefined, { category: ' Cafe\u0301 ' })).toEqual({ name: 'Café', ids: [], keptIds: [] })
    expect(wantedCategories(product, { category: 'Garden' })).toEqual({ name: 'Garden', ids: [], keptIds: [5, 7] })
  })

  it('are none after null, or after a blank name', () => {
    const none = { name: undefined, ids: [], keptIds: [] }
    expect(wantedCategories(product, { category: null })).toEqual(none)
    expect(wantedCategories(product, { category: ' ' })).toEqual(none)
  })

  it('are the ids that are sent, each once', () => {
    const wanted = { name: undefined, ids: [9, 3], keptIds: [] }
    expect(wantedCategories(product, { categoryIds: [9, 3, 9] })).toEqual(wanted)
    expect(wantedCategories(product, { category: null, categoryIds: [9, 3] })).toEqual(wanted)
    expect(wantedCategories(product, { categoryIds: [] })).toEqual({ ...wanted, ids: [] })
  })

  it('begin with the name before the ids', () => {
    const choice = { category: 'Garden', categoryIds: [5] }
    expect(wantedCategories(product, choice)).toEqual({ name: 'Garden', ids: [5], keptIds: [] })
    expect(wantedCategories(product, { category: 'kitchen', categoryIds: [3, 5, 7] })).toEqual({
      name: undefined,
      ids: [3, 5, 7],
      keptIds: [],
    })
  })
})
