import { isCommonPassword } from '@shop/passwords/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passwordErrors, shopNamesOf } from '../../src/passwords/domain/password-rules.ts'

const rules = { minimumLength: 15, shopNames: shopNamesOf('Example Shop Ltd'), isCommon: isCommonPassword }

const codesOf = (password: string, email = 'ada.lovelace@example.com') =>
  passwordErrors({ password, field: 'password', email }, rules).map(({ code }) => code)

describe('a new password', () => {
  it.each([
    'violet teapots sing at noon',
    'ÄÖÜ ß mit Umlauten und mehr',
    'すべての文字が数えられるパスワード',
    'x7Gq!kP2#mZ9$wT',
    `${'longest possible '.repeat(7)}passphrase`.slice(0, 128),
  ])('may be "%s", without rules about digits, capitals and signs', (password) => {
    expect(codesOf(password)).toEqual([])
  })

  it('has at least 15 and at most 128 characters, counted as people see them', () => {
    expect(codesOf('short but odd')).toEqual(['password_too_short'])
    expect(codesOf(`${'u\u0308'.repeat(3)}odd end`)).toEqual(['password_too_short'])
    expect(codesOf('🐴🦄🐙🦑🐬🐳🦈🐊🐢🦎🐍🦖🦕🐌')).toEqual(['password_too_short'])
    expect(codesOf('🐴🦄🐙🦑🐬🐳🦈🐊🐢🦎🐍🦖🦕🐌🐛')).toEqual([])
    expect(codesOf(`${'one two three four '.repeat(6)}and a few more words`)).toEqual(['password_too_long'])
    expect(codesOf(`${'ä ö ü '.repeat(20)}end`.normalize('NFD'))).toEqual([])
  })

  it('is not one that everybody tries', () => {
    expect(codesOf('passwordpassword')).toEqual(['password_too_common'])
    expect(codesOf('Sunshine20261130')).toEqual(['password_too_common'])
  })

  it.each([
    ['the address', 'my ada.lovelace@example.com!'],
    ['the name before the @', 'it is AdaLovelace who came'],
    ['the name with other signs', 'A-d-a L-o-v-e-l-a-c-e 1815'],
  ])('does not contain %s', (_, password) => {
    expect(codesOf(password)).toEqual(['password_contains_email'])
  })

  it('does not contain the name before the tag of an address', () => {
    expect(codesOf('countess lovelace 1815', 'lovelace+shop@example.com')).toEqual(['password_contains_email'])
  })

  it('may contain a name of three letters, which many words do', () => {
    expect(codesOf('canada geese at the lake', 'ada@example.com')).toEqual([])
  })

  it('does not contain the name of the shop, with or without its legal form', () => {
    expect(codesOf('I love the Example-Shop so')).toEqual(['password_contains_shop_name'])
    expect(shopNamesOf('Example Shop Ltd')).toEqual(['Example Shop Ltd', 'Example Shop'])
    expect(shopNamesOf('Müller & Söhne GmbH & Co. KG')).toEqual(['Müller & Söhne GmbH & Co. KG', 'Müller & Söhne'])
    expect(shopNamesOf('Kaffee')).toEqual(['Kaffee'])
  })

  it('is told all that is wrong with it at once, with a code for each', () => {
    expect(
      passwordErrors({ password: 'quokkaplume', field: 'new_password', email: 'quokkaplume@example.com' }, rules),
    ).toEqual([
      { field: 'new_password', code: 'password_too_short', message: 'must have at least 15 characters' },
      {
        field: 'new_password',
        code: 'password_contains_email',
        message: 'must not contain the e-mail address or its name',
      },
    ])
  })

  it('is judged alike in whatever Unicode form it is sent', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 140 })
    fc.assert(
      fc.property(texts, (password) => {
        expect(codesOf(password.normalize('NFD'))).toEqual(codesOf(password.normalize('NFC')))
      }),
    )
  })
})
