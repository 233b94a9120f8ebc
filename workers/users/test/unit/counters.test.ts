import { describe, expect, it } from 'vitest'
import { registrationCounters, signInCounters } from '../../src/limits/domain/counters.ts'

const subjectsOf = (email: string, address = '10.0.0.1') =>
  Object.fromEntries(signInCounters({ email, address }).map(({ limit, subject }) => [limit.name, subject]))

describe('a sign-in', () => {
  it('counts per address, per account and address, and per account from all addresses', () => {
    expect(subjectsOf('Ada@Example.com')).toEqual({
      'sign-in': '10.0.0.1',
      'sign-in-failures': 'ada@example.com 10.0.0.1',
      'account-failures': 'ada@example.com',
    })
  })

  it.each([
    ['ADA@EXAMPLE.COM', 'ada@example.com'],
    ['ΚΟΣ@example.com', 'κοσ@example.com'],
    ['ada@example.ΚΟΣ', 'ada@example.xn--vxakm'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  ])('counts %s as the account %s, as the database compares it', (spelling, account) => {
    expect(subjectsOf(spelling)['account-failures']).toBe(account)
  })
})

describe('a registration', () => {
  it('counts per address and per e-mail address', () => {
    const counters = registrationCounters({ email: 'Ada@Example.com', address: '10.0.0.1' })
    expect(counters.map(({ subject }) => subject)).toEqual(['10.0.0.1', 'ada@example.com'])
  })
})
