import { describe, expect, it } from 'vitest'
import { registrationCounters, signInCounters } from '../../src/domain/counters.ts'

const subjectsOf = (email: string, address = '10.0.0.1') =>
  Object.fromEntries(signInCounters({ email, address }).map(({ limit, subject }) => [limit.name, subject]))

describe('a sign-in', () => {
  it('counts for its address, for the account there, and for the account everywhere', () => {
    expect(subjectsOf('Ada@Example.com')).toEqual({
      'sign-in': '10.0.0.1',
      'sign-in-failures': 'ada@example.com 10.0.0.1',
      'account-failures': 'ada@example.com',
    })
  })

  it.each([
    ['ADA@EXAMPLE.COM', 'ada@example.com'],
    ['İda@example.com', 'ida@example.com'],
    ['ada@example.ΚΟΣ', 'ada@example.κοσ'],
    ['\u212Aay@example.com', 'kay@example.com'],
  ])('%s is the account %s, as it is to the database', (spelling, account) => {
    expect(subjectsOf(spelling)['account-failures']).toBe(account)
  })
})

describe('a registration', () => {
  it('counts for its address and for the e-mail address', () => {
    const counters = registrationCounters({ email: 'Ada@Example.com', address: '10.0.0.1' })
    expect(counters.map(({ subject }) => subject)).toEqual(['10.0.0.1', 'ada@example.com'])
  })
})
