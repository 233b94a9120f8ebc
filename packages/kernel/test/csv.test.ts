import { describe, expect, it } from 'vitest'
import { csvLine } from '../src/csv.ts'

describe('a line of CSV', () => {
  it('has its cells between commas, with nothing for null', () => {
    expect(csvLine(['a', 12.5, null, ''])).toBe('a,12.5,,\r\n')
  })

  it.each([
    ['Mugs, blue', '"Mugs, blue"'],
    ['12" plate', '"12"" plate"'],
    ['two\nlines', '"two\nlines"'],
  ])('quotes %j', (text, cell) => {
    expect(csvLine([text])).toBe(`${cell}\r\n`)
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('never lets a spreadsheet run %j', (text) => {
    expect(csvLine([text])).toBe(`'${text}\r\n`)
    expect(csvLine([`${text},"`])).toBe(`"'${text},"""\r\n`)
  })

  it('keeps numbers below zero as numbers', () => {
    expect(csvLine([-1])).toBe('-1\r\n')
  })
})
