import { STORED_SERVICES } from '@shop/services'
import { describe, expect, it } from 'vitest'
import { realParts } from './real-parts.ts'

const URL_VARIABLES = STORED_SERVICES.map(({ database }) => database.urlVariable)
const DATABASES = Object.fromEntries(
  STORED_SERVICES.map(({ database: { role, urlVariable } }) => [
    urlVariable,
    `postgresql://${role}:s@ep.neon.tech/shop`,
  ]),
)
const UPSTASH = { UPSTASH_REDIS_REST_URL: 'https://eu1.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'secret' }
const RESEND = { RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: 'whsec_1', MAIL_FROM: 'shop@example.com' }
const STRIPE = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' }

describe('keys in .dev.vars', () => {
  it('select emulators when there are none, whatever else is set', () => {
    expect(realParts({ HOLD_SECONDS: '60' })).toEqual({
      database: false,
      redis: false,
      stripe: false,
      mail: false,
      environment: { HOLD_SECONDS: '60' },
      notes: [],
    })
  })

  it('switch each part separately to the real service', () => {
    expect(realParts(DATABASES)).toMatchObject({
      database: true,
      redis: false,
      stripe: false,
      environment: { ...DATABASES, NEON_FETCH_ENDPOINT: '' },
    })
    expect(realParts(UPSTASH)).toMatchObject({
      redis: true,
      environment: { UPSTASH_REDIS_REST_URL: 'https://:secret@eu1.upstash.io' },
    })
    expect(realParts(RESEND)).toMatchObject({
      mail: true,
      environment: { MAIL_BASE_URL: 'https://whsec_1:re_1@api.resend.com' },
    })
    expect(realParts(STRIPE)).toMatchObject({
      stripe: true,
      environment: { ...STRIPE, STRIPE_API_BASE: '' },
      notes: [],
    })
  })

  it('may come with another endpoint', () => {
    const given = {
      ...DATABASES,
      ...STRIPE,
      NEON_FETCH_ENDPOINT: 'http://db.test/sql',
      STRIPE_API_BASE: 'http://s.test',
      STRIPE_REQUESTS_PER_SECOND: '100',
    }
    expect(realParts(given).environment).toEqual(given)
  })

  it('without a webhook secret accept no webhook, and say how to get the secret', () => {
    const [first, second] = [1, 2].map(() => realParts({ STRIPE_SECRET_KEY: 'sk_test_1' }))
    expect(first?.environment.STRIPE_WEBHOOK_SECRET).toMatch(/^whsec_.{36}$/)
    expect(first?.environment.STRIPE_WEBHOOK_SECRET).not.toBe(second?.environment.STRIPE_WEBHOOK_SECRET)
    expect(first?.notes.join()).toContain('stripe listen --forward-to')
  })

  it.each([
    [{ [URL_VARIABLES[0] ?? '']: 'x' }, `add ${URL_VARIABLES.slice(1).join(', ')}, or`],
    [{ UPSTASH_REDIS_REST_URL: 'https://x.upstash.io' }, 'add UPSTASH_REDIS_REST_TOKEN'],
    [{ RESEND_API_KEY: 're_1' }, 'add RESEND_WEBHOOK_SECRET, MAIL_FROM'],
    [{ STRIPE_WEBHOOK_SECRET: 'whsec_1' }, 'has STRIPE_WEBHOOK_SECRET but not STRIPE_SECRET_KEY'],
    [{ ...UPSTASH, UPSTASH_REDIS_REST_URL: 'eu1' }, 'UPSTASH_REDIS_REST_URL in .dev.vars must be a URL'],
  ])('are refused when incomplete, by name: %j', (devVars, message) => {
    expect(() => realParts(devVars)).toThrow(message)
  })
})
