import { describe, expect, it } from 'vitest'
import { slugOf } from '../../../src/slugs/slug-of.ts'

describe('the slug of a name', () => {
  it.each([
    ['Café & Thé', 'cafe-and-the'],
    ['Ärmel', 'aermel'],
    ['iPhone 15 Pro', 'iphone-15-pro'],
    ['100% Wool', '100-wool'],
    ['Привет', 'privet'],
    ['日本語', 'category'],
    ['---', 'category'],
    [
      `${'word '.repeat(30)}end`,
      'word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word',
    ],
  ])('of %s is %s', (name, text) => {
    expect(slugOf({ name }, 'category')).toEqual({ text, isChosen: false })
  })

  it('is the one that staff chose', () => {
    expect(slugOf({ name: 'Café', slug: 'coffee' }, 'category')).toEqual({ text: 'coffee', isChosen: true })
  })

  it('takes no time for a long name', () => {
    expect(slugOf({ name: '-1'.repeat(500_000) }, 'category').text.length).toBeLessThanOrEqual(90)
  })
})
