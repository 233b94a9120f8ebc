import { describe, expect, it } from 'vitest'
import { registrationCounters } from '../../src/limits/domain/counters.ts'

describe('a registration', () => {
  it('counts per address and per e-mail address', () => {
    const counters = registrationCounters({ email: 'Ada@Example.com', address: '10.0.0.1' })
    expect(counters.map(({ subject }) => subject)).toEqual(['10.0.0.1', 'ada@example.com'])
  })

  it.each([
    ['ADA@EXAMPLE.COM', 'ada@example.com'],
    ['ΚΟΣ@example.com', 'κοσ@example.com'],
    ['ada@example.ΚΟΣ', 'ada@example.xn--vxakm'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  ])('counts %s as the account %s, as the database compares it', (email, account) => {
    expect(registrationCounters({ email, address: '10.0.0.1' })[1]?.subject).toBe(account)
  })
})
