import { describe, expect, it } from 'vitest'
import { ReplayBody } from '../src/events/schemas.ts'

const range = { consumer: 'payments', from: '2026-11-23T10:00:00Z', to: '2026-11-23T11:00:00Z' }
const faultsOf = (body: object) => [
  ...new Set(ReplayBody.safeParse(body).error?.issues.map(({ path }) => path.join('.'))),
]

describe('the range of a replay', () => {
  it('takes instants of any offset', () => {
    expect(ReplayBody.parse({ ...range, from: '2026-11-23T11:30:00+02:00' }).from).toEqual(
      new Date('2026-11-23T09:30:00Z'),
    )
  })

  it.each([
    ['from', '0000-06-01T00:00:00Z'],
    ['from', '0001-01-01T00:00:00+10:00'],
    ['to', '9999-12-31T23:59:59-14:00'],
    ['to', '2026-02-30T00:00:00Z'],
    ['to', 'nonsense'],
    ['to', '2026-11-23T10:00:00Z'],
    ['to', '2026-11-23T09:59:59Z'],
  ])('refuses `%s` of %s, which no database reads or which ends before it begins', (member, instant) => {
    expect(faultsOf({ ...range, [member]: instant })).toEqual([member])
  })
})
