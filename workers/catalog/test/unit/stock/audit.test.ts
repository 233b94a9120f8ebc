import { describe, expect, it } from 'vitest'
import { differsFromListing, mismatchOf } from '../../../src/stock/domain/audit.ts'
import { EMPTY_STOCK } from '../../../src/stock/domain/level.ts'
import { termsWith } from '../../support/terms.ts'

const listed = { variantId: 1, productId: 1, sku: null, available: 7, terms: termsWith({ sequence: 4 }) }
const listedAt = (sequence: number, available = 7) => ({ ...listed, available, terms: termsWith({ sequence }) })
const level = { onHand: 10, held: 3, available: 7, sequence: 4 }
const audit = { level, moved: 10, held: 3, isListingDue: false, isLost: false }
const unopened = { ...audit, level: { onHand: 7, held: 0, available: 7, sequence: 0 }, moved: 7, held: 0 }
const lost = { ...audit, level: EMPTY_STOCK, moved: 0, held: 0, isLost: true }

describe('a mismatch of the stock', () => {
  it.each([
    ['nothing when all agree', listed, audit, undefined],
    ['listing when another figure is listed', { ...listed, available: 8 }, audit, 'listing'],
    ['nothing while the projection is due', { ...listed, available: 8 }, { ...audit, isListingDue: true }, undefined],
    [
      'listing when the listed sequence is ahead, even while the projection is due',
      listedAt(5),
      { ...audit, isListingDue: true },
      'listing',
    ],
    ['books when the movements do not add up', listed, { ...audit, moved: 11 }, 'books'],
    ['books when the holds do not add up', listed, { ...audit, held: 2 }, 'books'],
    ['lost when the object has no record of listed stock', listed, lost, 'lost'],
    ['nothing when the object is not open yet', listedAt(0), unopened, undefined],
    ['listing when another figure than the opening stock is listed', listedAt(0, 8), unopened, 'listing'],
  ] as const)('is %s', (_, ofListing, ofObject, mismatch) => {
    expect(mismatchOf(ofListing, ofObject)).toBe(mismatch)
  })
})

describe('a listing', () => {
  it.each([
    ['another figure', { ...listed, available: 8 }, audit, true],
    ['another sequence', listedAt(5), audit, true],
    ['the same', listed, audit, false],
    ['an object that is not open yet', listedAt(0), unopened, false],
    ['a lost object', listed, lost, false],
  ] as const)('differs by %s', (_, ofListing, ofObject, differs) => {
    expect(differsFromListing(ofListing, ofObject)).toBe(differs)
  })
})
