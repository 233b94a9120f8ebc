import { describe, expect, it } from 'vitest'
import { decideAddress } from '../../src/addresses/domain/customer-address.ts'

const HOME = {
  name: 'Ada',
  line1: '1 Main Street',
  city: 'Springfield',
  region: 'IL',
  postal_code: '62701',
  country: 'US',
}

describe('an address of a customer', () => {
  it('is kept as its country writes it', () => {
    const typed = { ...HOME, region: 'illinois', phone: '(217) 555-0142' }
    expect(decideAddress({}, typed)).toEqual({ ok: true, value: { ...HOME, phone: '+12175550142' } })
  })

  it('changes by the parts that are given, and loses those that are given as nothing', () => {
    expect(decideAddress(HOME, { line1: '2 Side Street', name: undefined })).toEqual({
      ok: true,
      value: { line1: '2 Side Street', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' },
    })
  })

  it('must obey its country as a whole, also where only the country changes', () => {
    expect(decideAddress(HOME, { country: 'CA' })).toMatchObject({
      failure: { code: 'invalid_address', errors: [{ field: 'region' }, { field: 'postal_code' }] },
    })
    expect(decideAddress(HOME, { postal_code: undefined })).toMatchObject({
      failure: { errors: [{ field: 'postal_code', message: 'is required in US' }] },
    })
  })
})
