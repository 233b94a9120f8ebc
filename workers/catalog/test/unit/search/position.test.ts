import { encodeCursor } from '@shop/kernel/pagination'
import { describe, expect, it } from 'vitest'
import { orderOf, readPosition, toPosition } from '../../../src/search/domain/position.ts'

const at = '2026-11-23T10:00:00.123456Z'

describe('the position in a list', () => {
  it.each([
    ['newest', { key: '2026-11-23T10:00:00.000Z', id: 7 }],
    ['price', { key: '1250', id: 7, at }],
    ['-price', { key: '0', id: 7, at }],
    ['name', { key: '茶壺 tea', id: 7 }],
    ['relevance', { key: '607927', id: 7 }],
    ['best_selling', { key: '12', id: 7 }],
    ['by_hand', { key: '12', id: 7 }],
    ['by_hand', { key: '2026-11-23T10:00:00.000Z', id: 7 }],
  ] as const)('by %s is read back from its cursor', (order, position) => {
    expect(readPosition(order, encodeCursor(toPosition(order, position)))).toEqual({ ok: true, value: position })
  })

  it('by date is in the form in which it always was', () => {
    const cursor = encodeCursor({ sortKey: '2026-11-23T10:00:00.000Z', id: '7' })
    expect(readPosition('newest', cursor)).toEqual({ ok: true, value: { key: '2026-11-23T10:00:00.000Z', id: 7 } })
  })

  it.each([
    ['price', 'name|12'],
    ['price', '12'],
    ['price', 'price|12'],
    ['price', 'price|yesterday|12'],
    ['price', `price|${at}|1.5`],
    ['-price', `price|${at}|12`],
    ['name', 'name|a\u0000b'],
    ['name', 'name'],
    ['relevance', 'relevance|-1'],
    ['best_selling', 'best_selling|-1'],
    ['best_selling', 'relevance|1'],
    ['newest', 'name|2026-11-23T10:00:00.000Z'],
  ] as const)('by %s is not read from %j', (order, sortKey) => {
    const refused = { ok: false, failure: { code: 'invalid_cursor' } }
    expect(readPosition(order, encodeCursor({ sortKey, id: '7' }))).toEqual(refused)
  })
})

describe('the order of a list', () => {
  it.each([
    [undefined, {}, 'newest'],
    [undefined, { search: 'coffee' }, 'newest'],
    [undefined, { collection: 'sale' }, 'by_hand'],
    ['name', { collection: 'sale' }, 'name'],
    ['relevance', { search: 'coffee' }, 'relevance'],
    ['relevance', {}, 'newest'],
    ['best_selling', {}, 'best_selling'],
    ['best_selling', { collection: 'sale' }, 'best_selling'],
    ['relevance', { search: 'c' }, 'newest'],
  ] as const)('asked for as %s with %j is %s', (sort, filters, order) => {
    expect(orderOf(sort, filters)).toBe(order)
  })
})
