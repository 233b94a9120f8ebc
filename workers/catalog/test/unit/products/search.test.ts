import { describe, expect, it } from 'vitest'
import { hasAsciiTrigram, searchKind, wordsOf } from '../../../src/products/domain/search.ts'

describe('a search', () => {
  it.each([
    'tea',
    'чай',
    'תהו',
    'شاي',
    '茶壺茶',
    '4k tv',
    'tv-',
    '-tv',
    '-b-',
    '100%',
    'e m c',
    '☕ tea',
    'x'.repeat(200),
  ])('for %j is answered by the text of name and description', (text) => {
    expect(searchKind(text)).toBe('contains')
  })

  it.each([
    ['initial', ['a', 'É', '茶', '%', '_', '\\', ' ', '☕', '\u200f']],
    ['initials', ['tv', 'M8', '茶壺', '%%', '--', '☕☕', 'a%', '  ']],
    ['beginning', ['c++', 'a b', '%_%', '...', "t's", '👩‍🍳', '☕☕☕', '%'.repeat(200)]],
  ] as const)('without a trigram is answered by the %s of the name', (kind, texts) => {
    for (const text of texts) expect([text, searchKind(text)]).toEqual([text, kind])
  })

  it.each([
    ['tea', true],
    ['чай', false],
    ['чай-tea', true],
    ['é1é', true],
    ['茶 4k', true],
    ['茶4', false],
  ])('for %j has a trigram whatever the locale of the database: %s', (text, has) => {
    expect(hasAsciiTrigram(text)).toBe(has)
  })

  it.each([
    ['%many%', ['many']],
    ['a blue tea-pot, blue', ['a', 'blue', 'tea', 'pot']],
    ['4k tv', ['4k', 'tv']],
    ['чай 12', ['чай', '12']],
  ])('for %j is rare when these words are: %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })
})
