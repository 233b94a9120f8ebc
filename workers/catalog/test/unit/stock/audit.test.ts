import { describe, expect, it } from 'vitest'
import { differsFromListing, mismatchOf } from '../../../src/stock/domain/audit.ts'

const listed = { variantId: 1, productId: 1, available: 7, sequence: 4 }
const level = { onHand: 10, held: 3, available: 7, sequence: 4 }
const audit = { level, moved: 10, held: 3, isListingDue: false }
const EMPTY = { onHand: 0, held: 0, available: 0, sequence: 0 }

describe('a mismatch of the stock', () => {
  it.each([
    ['nothing when all agree', listed, audit, undefined],
    ['listing when another figure is listed', { ...listed, available: 8 }, audit, 'listing'],
    ['nothing while the projection is due', { ...listed, available: 8 }, { ...audit, isListingDue: true }, undefined],
    [
      'listing when the listed sequence is ahead, even while the projection is due',
      { ...listed, sequence: 5 },
      { ...audit, isListingDue: true },
      'listing',
    ],
    ['books when the movements do not add up', listed, { ...audit, moved: 11 }, 'books'],
    ['books when the holds do not add up', listed, { ...audit, held: 2 }, 'books'],
    ['lost when the object has no record of listed stock', listed, { ...audit, level: EMPTY }, 'lost'],
    ['nothing when an opening has not arrived', { ...listed, sequence: 0 }, { ...audit, level: EMPTY }, undefined],
  ] as const)('is %s', (_, ofListing, ofObject, mismatch) => {
    expect(mismatchOf(ofListing, ofObject)).toBe(mismatch)
  })
})

describe('a listing', () => {
  it.each([
    ['another figure', { ...listed, available: 8 }, level, true],
    ['another sequence', { ...listed, sequence: 5 }, level, true],
    ['the same', listed, level, false],
    ['an object without any change', listed, EMPTY, false],
  ] as const)('differs by %s', (_, ofListing, ofObject, differs) => {
    expect(differsFromListing(ofListing, ofObject)).toBe(differs)
  })
})
