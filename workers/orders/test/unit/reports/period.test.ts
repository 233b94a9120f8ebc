import { describe, expect, it } from 'vitest'
import { daysOf, isTimeZone } from '../../../src/reports/domain/period.ts'

describe('a period', () => {
  it.each([
    ['2026-11-01', '2026-12-01', 30],
    ['2028-01-01', '2029-01-01', 366],
    ['2026-11-02', '2026-11-01', -1],
    ['2026-11-01', '2026-11-01', 0],
  ])('from %s to %s has %i days', (from, to, days) => {
    expect(daysOf({ from, to })).toBe(days)
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
