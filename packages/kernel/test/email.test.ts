import { Email, normalEmail, SignInEmail } from '@shop/kernel/email'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const NFC = 'jos\u00e9@example.com'
const NFD = 'jose\u0301@example.com'

/** Not fast-check's `binary`, which takes seconds to build. */
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0x2fff }).map((code) => String.fromCodePoint(code)) })

const SCHEMAS = [
  ['an address', Email],
  ['the address of a sign-in', SignInEmail],
] as const

describe.each(SCHEMAS)('%s', (_, schema) => {
  it.each([
    'ada@example.com',
    ' ada@example.com',
    'ada@example.com\r\n',
    '\tada@example.com ',
    '\u00a0ada@example.com\u3000',
  ])('%j is read without the white space around it', (sent) => {
    expect(schema.parse(sent)).toBe('ada@example.com')
  })

  it('has one form, however its letters are composed', () => {
    expect(schema.parse(NFD)).toBe(NFC)
    expect(schema.parse(NFC)).toBe(NFC)
  })

  it('keeps its case', () => {
    expect(schema.parse('Ada@Example.COM')).toBe('Ada@Example.COM')
  })

  it.each([
    ['a zero-width space', '\u200b'],
    ['a zero-width non-joiner', '\u200c'],
    ['a zero-width joiner', '\u200d'],
    ['a word joiner', '\u2060'],
    ['a byte order mark', '\ufeff'],
    ['a soft hyphen', '\u00ad'],
    ['a right-to-left override', '\u202e'],
    ['a left-to-right mark', '\u200e'],
    ['an Arabic letter mark', '\u061c'],
    ['a bidirectional isolate', '\u2066'],
    ['NUL', '\u0000'],
    ['a backspace', '\b'],
    ['an escape', '\u001b'],
    ['a next line control', '\u0085'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
    ['a combining grapheme joiner', '\u034f'],
    ['a Hangul filler', '\u3164'],
    ['a variation selector', '\ufe0f'],
    ['a Mongolian vowel separator', '\u180e'],
    ['a tag character', '\u{e0061}'],
    ['an unassigned code point', '\u0378'],
    ['a private code point', '\ue000'],
    ['a lone surrogate', '\ud800'],
    ['a blank Braille pattern', '\u2800'],
  ])('with %s is refused, wherever it stands', (_name, character) => {
    for (const sent of [
      `${character}ada@example.com`,
      `a${character}da@example.com`,
      `ada@exa${character}mple.com`,
      `ada@example.com${character}`,
    ]) {
      const [issue] = schema.safeParse(sent).error?.issues ?? []
      expect(issue?.message, JSON.stringify(sent)).toBe('must not contain invisible characters')
    }
  })

  it.each(['a\tda@example.com', 'ada@exam\nple.com'])('%j has a control in it, and is refused', (sent) => {
    expect(schema.safeParse(sent).success).toBe(false)
  })

  it('of white space alone is refused', () => {
    expect(schema.safeParse(' \t\n').success).toBe(false)
  })

  it('is measured without the white space around it', () => {
    expect(schema.safeParse(`${'a'.repeat(242)}@example.com${' '.repeat(100)}`).success).toBe(true)
    expect(schema.safeParse(`${'a'.repeat(243)}@example.com`).success).toBe(false)
  })
})

describe('an address', () => {
  it.each(['ada', 'ada@example', 'ada @example.com', 'ada@@example.com', '@example.com', ''])('%j is none', (sent) => {
    expect(Email.safeParse(sent).success).toBe(false)
  })

  it.each(['用户@例子.公司', 'müller@bücher.example', 'ada+tag@example.com', "o'neil@example.com"])(
    '%s is one',
    (sent) => {
      expect(Email.parse(sent)).toBe(sent)
    },
  )
})

describe('the address of a sign-in', () => {
  it('may be any other text, which has no account', () => {
    expect(SignInEmail.parse('nobody')).toBe('nobody')
  })
})

describe('the spellings of an address', () => {
  it.each([
    ['ADA@EXAMPLE.COM', 'ada@example.com'],
    [' ada@example.com\n', 'ada@example.com'],
    [NFD.toUpperCase(), NFC],
    ['ada@example.ΚΟΣ', 'ada@example.κος'],
    ['\u212aay@example.com', 'kay@example.com'],
    ['İda@example.com', 'i\u0307da@example.com'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@BÜCHER.example', 'ada@XN--BCHER-KVA.Example'],
    ['ada@ｅxample.com', 'ada@example.com'],
    ['ada@例子。中国.cn', 'ada@例子.中国.cn'],
  ])('%j and %j are one', (one, other) => {
    expect(normalEmail(one)).toBe(normalEmail(other))
  })

  it('are not those of other people', () => {
    const others = [
      'ada@example.com',
      'ida@example.com',
      'ada@example.org',
      'a.da@example.com',
      'ada+1@example.com',
    ].concat([
      'ada@bücher.example',
      'ada@bucher.example',
      'ada@example.com/é',
      'ada@example.com:1é',
      'ada@é@example.com',
    ])
    expect(new Set(others.map(normalEmail)).size).toBe(others.length)
  })

  it('have a normal form that is its own normal form', () => {
    fc.assert(
      fc.property(anyText, (email) => {
        const once = normalEmail(email)
        expect(normalEmail(once)).toBe(once)
      }),
    )
  })

  it('are one in NFC and in NFD', () => {
    fc.assert(
      fc.property(anyText, (email) => {
        expect(normalEmail(email.normalize('NFD'))).toBe(normalEmail(email.normalize('NFC')))
      }),
    )
  })
})
