import { describe, expect, it } from 'vitest'
import { decideZone } from '../../../src/shipping/domain/zone.ts'

const california = { name: 'California', areas: [{ country: 'US', regions: ['CA'], postalCodes: [] }] }

describe('the fields of a zone', () => {
  it('stay as they are where nothing is sent', () => {
    expect(decideZone(california, {})).toEqual({ ok: true, value: california })
    expect(decideZone(california, { name: 'West' })).toEqual({ ok: true, value: { ...california, name: 'West' } })
  })

  it('are the rest of the world without areas', () => {
    expect(decideZone(california, { areas: null })).toEqual({ ok: true, value: { ...california, areas: [] } })
    expect(decideZone(california, { areas: [] })).toEqual({ ok: true, value: { ...california, areas: [] } })
  })

  it('are refused for an area that is none', () => {
    expect(decideZone(california, { areas: [{ country: 'US', regions: ['Bayern'] }] })).toEqual({
      ok: false,
      failure: {
        code: 'invalid_shipping_zone',
        errors: [{ field: 'areas.0.regions.0', message: 'is not a region of US' }],
      },
    })
  })
})
