import { describe, expect, it } from 'vitest'
import { nameKey } from '../../../src/categories/domain/name-key.ts'
import { inTreeOrder, type TreeRow } from '../../../src/categories/domain/tree.ts'
import { NOW } from '../../support/catalog.ts'

const row = (id: number, parentId: number | null, position: number): TreeRow => ({
  id,
  parentId,
  position,
  name: `Name ${id}`,
  slug: `slug-${id}`,
  path: [],
  metadata: {},
  createdAt: NOW,
  updatedAt: NOW,
  version: 1,
})

describe('the tree', () => {
  it('lists each category before those below it, siblings by position and then by id', () => {
    const rows = [row(5, 2, 1), row(4, 2, 0), row(3, null, 0), row(2, null, 1), row(1, null, 1), row(6, 4, 0)]
    expect(inTreeOrder(rows).map(({ id, slugs }) => [id, slugs.join('/')])).toEqual([
      [3, 'slug-3'],
      [1, 'slug-1'],
      [2, 'slug-2'],
      [4, 'slug-2/slug-4'],
      [6, 'slug-2/slug-4/slug-6'],
      [5, 'slug-2/slug-5'],
    ])
  })
})

describe('names that look equal', () => {
  it.each([
    ['Kitchen', 'kITCHEN'],
    ['Café', 'Cafe\u0301'],
    [' Tea  pots ', 'tea\u00a0pots'],
    ['Kit\u200bchen', 'kitchen'],
    ['\u202eKitchen\u202c', 'kitchen'],
    ['ÄRMEL', 'a\u0308rmel'],
  ])('are one: %j and %j', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other))
  })

  it('are two where they differ', () => {
    expect(nameKey('Cafe')).not.toBe(nameKey('Café'))
    expect(nameKey('tea pots')).not.toBe(nameKey('teapots'))
  })
})
