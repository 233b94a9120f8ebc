import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StructuredAddress } from '../src/structured-address.ts'

const stored = (over: Record<string, unknown>) =>
  StructuredAddress.safeParse({ line1: '1 Road', city: 'Town', ...over }).data

/** One of each kind: by code, with any text as region, with no region, without a postal code. */
const ADDRESSES = [
  { country: 'US', region: 'California', postal_code: '90210-1234' },
  { country: 'US', region: 'AE', postal_code: '09128' },
  { country: 'US', region: 'PR', postal_code: '00901' },
  { country: 'CA', region: 'québec', postal_code: 'h2x 1y4' },
  { country: 'IT', region: 'mi', postal_code: '20121' },
  { country: 'JP', region: 'Tokyo', postal_code: '100-0001' },
  { country: 'ES', region: 'Vizcaya', postal_code: '48001' },
  { country: 'GB', region: 'Middlesex', postal_code: 'sw1a 1aa' },
  { country: 'IE' },
  { country: 'HK' },
  { country: 'AQ' },
]

describe('a structured address', () => {
  it.each(ADDRESSES)('is accepted, and accepted again as it is stored: %j', (parts) => {
    const first = stored(parts)
    expect(first).toBeDefined()
    expect(stored({ ...first })).toEqual(first)
  })

  it.each([
    [{ country: 'US', region: 'us-ca', postal_code: '90210' }, { region: 'CA' }],
    [{ country: 'IT', region: 'Milano', postal_code: '20121' }, { region: 'MI' }],
    [{ country: 'JP', region: 'Tokyo', postal_code: '100-0001' }, { region: 'Tokyo' }],
    [{ country: 'GB', postal_code: ' sw1a  1aa' }, { postal_code: 'SW1A 1AA' }],
    [{ country: 'GB', postal_code: 'EC1A1BB', phone: '020 7946 0958' }, { phone: '+442079460958' }],
    [{ country: 'IE', phone: '+49 30 901820' }, { phone: '+4930901820' }],
    [{ country: 'AQ', phone: '+1 213 373 4253' }, { phone: '+12133734253' }],
  ])('is stored as the country writes it: %j', (parts, expected) => {
    expect(stored(parts)).toMatchObject(expected)
  })

  it.each([
    [{ country: 'US', postal_code: '90210' }, 'region'],
    [{ country: 'US', region: 'XX', postal_code: '90210' }, 'region'],
    [{ country: 'US', region: 'CA' }, 'postal_code'],
    [{ country: 'US', region: 'CA', postal_code: '9021' }, 'postal_code'],
    [{ country: 'JP', postal_code: '100-0001' }, 'region'],
    [{ country: 'GB', postal_code: '12345' }, 'postal_code'],
    [{ country: 'IE', postal_code: '12345' }, 'postal_code'],
    [{ country: 'HK', phone: 'call me' }, 'phone'],
    [{ country: 'AQ', phone: '213 373 4253' }, 'phone'],
    [{ country: 'US', region: 'CA', postal_code: '90210', phone: '213 373 4253 ext. 5' }, 'phone'],
    [{ country: 'US', region: 'CA', postal_code: '90210', phone: 'tel 213 373 4253 thanks' }, 'phone'],
    [{ country: 'UK', postal_code: 'SW1A 1AA' }, 'country'],
    [{ country: 'Germany' }, 'country'],
    [{ country: 'HK', city: ' ' }, 'city'],
    [{ country: 'HK', zip: '1' }, ''],
  ])('is refused as %j for its %s', (parts, part) => {
    const parsed = StructuredAddress.safeParse({ line1: '1 Road', city: 'Town', ...parts })
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([part])
  })

  it('never throws, and what it accepts it accepts again unchanged', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    const anything = fc.record(
      {
        ...{ line1: text, city: text, name: text, region: text, postal_code: text, phone: text },
        country: fc.constantFrom('US', 'DE', 'JP', 'IE', 'GB', 'AQ', 'XK'),
      },
      { requiredKeys: ['line1', 'city', 'country'] },
    )
    fc.assert(
      fc.property(anything, (parts) => {
        const parsed = StructuredAddress.safeParse(parts)
        if (parsed.success) expect(StructuredAddress.parse(parsed.data)).toEqual(parsed.data)
      }),
      { numRuns: 2_000 },
    )
  })
})
