import { describe, expect, it } from 'vitest'
import { textKind } from '../../../src/search/domain/text-kind.ts'

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
  ])('for %j is answered by its words', (text) => {
    expect(textKind(text)).toBe('words')
  })

  it.each([
    ['initial', ['a', 'É', '茶', '%', '_', '\\', ' ', '☕', '\u200f']],
    ['initials', ['tv', 'M8', '茶壺', '%%', '--', '☕☕', 'a%', '  ']],
    ['beginning', ['c++', 'a b', '%_%', '...', "t's", '👩‍🍳', '☕☕☕', '%'.repeat(200)]],
  ] as const)('without a trigram is answered by the %s of the name', (kind, texts) => {
    for (const text of texts) expect([text, textKind(text)]).toEqual([text, kind])
  })
})
