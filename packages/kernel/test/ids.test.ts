import { describe, expect, it } from 'vitest'
import { CatalogIdParam, isId } from '../src/ids.ts'

describe('an id', () => {
  it.each([
    ['order_01jd4k2v9rf0fv8z3x1m5q7w2e', true],
    ['pay_01jd4k2v9rf0fv8z3x1m5q7w2e', false],
    ['order_01JD4K2V9RF0FV8Z3X1M5Q7W2E', false],
    ['order_81jd4k2v9rf0fv8z3x1m5q7w2e', false],
    ['order_01jd4k2v9rf0fv8z3x1m5q7w2', false],
    ["order_' or 1=1 --", false],
    ['order_', false],
    ['', false],
  ])('%j of an order is well-formed: %s', (id, expected) => {
    expect(isId('order', id)).toBe(expected)
  })
})

describe('the id of a product in a path', () => {
  it.each(['1', '42', '9007199254740991'])('can be %s', (id) => {
    expect(CatalogIdParam.parse(id)).toBe(Number(id))
  })

  it.each(['0', '-1', '1.5', '1e3', 'abc', '', ' 1', '0x1', '9007199254740993', '99999999999999999999'])(
    'cannot be %j',
    (id) => {
      expect(CatalogIdParam.safeParse(id).success).toBe(false)
    },
  )
})
