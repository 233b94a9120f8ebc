import { describe, expect, it } from 'vitest'
import { changeProfile } from '../../src/accounts/domain/change-profile.ts'
import { newUser } from '../support/people.ts'

const ada = { ...newUser('ada@example.com'), locale: 'en', phone: '+12175550142' }

describe('a change of the own account', () => {
  it('replaces what is given, removes what is null, and leaves the rest', () => {
    expect(changeProfile(ada, { name: 'Countess', phone: null, marketingConsent: true })).toEqual({
      ...ada,
      name: 'Countess',
      phone: null,
      marketingConsent: true,
    })
  })

  it('by what the account has already changes nothing', () => {
    expect(changeProfile(ada, {})).toBeUndefined()
    expect(changeProfile(ada, { name: 'Ada', locale: 'en', marketingConsent: false })).toBeUndefined()
  })
})
