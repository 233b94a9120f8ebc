import { describe, expect, it } from 'vitest'
import { LocaleParam, localeOf } from '../src/locale.ts'

const LOCALES = ['en', 'de', 'pt-BR', 'zh-Hant-TW'] as const

describe('the locale for wanted languages', () => {
  it.each([
    [[], 'en'],
    [['de'], 'de'],
    [['DE'], 'de'],
    [['de-AT'], 'de'],
    [['de-AT-1996'], 'de'],
    [['pt'], 'pt-BR'],
    [['pt-PT'], 'pt-BR'],
    [['zh-hant-tw-x-private'], 'zh-Hant-TW'],
    [['fr'], 'en'],
    [['fr', 'de', 'pt'], 'de'],
    [['__proto__', ''], 'en'],
  ])('%j is %s', (wanted, locale) => {
    expect(localeOf(LOCALES, wanted)).toBe(locale)
  })
})

describe('the parameter locale', () => {
  it.each(['de', 'de-CH', 'zh-Hant-TW', '', undefined])('may be %j', (value) => {
    expect(LocaleParam.safeParse(value)).toMatchObject({ success: true, data: value || undefined })
  })

  it.each(['_', 'de_CH', 'x', 'de--at', 'd'.repeat(36), 'de\u0000', ['de', 'en']])('is refused as %j', (value) => {
    expect(LocaleParam.safeParse(value).success).toBe(false)
  })
})
