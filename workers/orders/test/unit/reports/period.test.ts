import { describe, expect, it } from 'vitest'
import { isTimeZone, isTooLong } from '../../../src/reports/domain/period.ts'

describe('a period', () => {
  it.each([
    ['2026-11-01', '2026-12-01', false],
    ['2028-01-01', '2029-01-01', false],
    ['2027-01-01', '2028-01-03', true],
    ['2000-01-01', '2999-12-31', true],
  ])('from %s to %s is too long for a report: %s', (from, to, expected) => {
    expect(isTooLong({ from, to })).toBe(expected)
  })
})

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'America/Port-au-Prince'])(
    'may be %s',
    (name) => expect(isTimeZone(name)).toBe(true),
  )

  it.each(['', '+01:00', 'CET-1', 'utc', 'Mars/Olympus', 'Europe/Berlin; select 1', '../etc/passwd'])(
    'may not be %j',
    (name) => expect(isTimeZone(name)).toBe(false),
  )
})
