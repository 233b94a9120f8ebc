import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, isInstantText, toPage } from '../src/pagination.ts'

const ascii = fc.string({ maxLength: 100, unit: 'grapheme-ascii' })

describe('a cursor', () => {
  it('decodes to the position it was made from', () => {
    fc.assert(
      fc.property(ascii, ascii, (sortKey, id) => {
        expect(decodeCursor(encodeCursor({ sortKey, id }), () => true)).toEqual({ ok: true, value: { sortKey, id } })
      }),
    )
  })

  it('is refused without a throw, whatever a client sends', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodeCursor(text, (position) => isInstantText(position.sortKey))
        expect(decoded.ok || decoded.failure.code === 'invalid_cursor').toBe(true)
      }),
    )
  })

  it.each(['2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z'])(
    'with %s, which is not an instant, is refused',
    (sortKey) => {
      const cursor = encodeCursor({ sortKey, id: '1' })
      expect(decodeCursor(cursor, (position) => isInstantText(position.sortKey)).ok).toBe(false)
    },
  )

  it('of another list is refused', () => {
    const cursor = encodeCursor({ sortKey: 'a name', id: '1' })
    expect(decodeCursor(cursor, (position) => isInstantText(position.sortKey)).ok).toBe(false)
  })
})

describe('a page', () => {
  const position = (row: number) => ({ sortKey: String(row), id: String(row) })

  it('has a cursor when there are more rows', () => {
    expect(toPage([1, 2, 3], 2, position)).toEqual({ items: [1, 2], nextCursor: encodeCursor(position(2)) })
  })

  it('has none when it is the last', () => {
    expect(toPage([1, 2], 2, position)).toEqual({ items: [1, 2], nextCursor: null })
  })
})
