import { describe, expect, it } from 'vitest'
import { acceptedLanguages } from '../src/accepted-languages.ts'

describe('the languages of a header', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['de', ['de']],
    ['fr, de-AT', ['fr', 'de-AT']],
    ['en;q=0.1, de;q=0.9', ['de', 'en']],
    ['de;q=0, en', ['en']],
    ['fr, *;q=0.5, de;q=0.1', ['fr']],
    ['*', []],
  ])('%s are %j', (header, languages) => {
    expect(acceptedLanguages(header)).toEqual(languages)
  })

  it.each(['; , ,,q=1;', ',,,', `${'x'.repeat(5_000)},de`, 'de;q=banana', '\u00e9'])('%s throw nothing', (header) => {
    expect(acceptedLanguages(header)).toBeInstanceOf(Array)
  })
})
