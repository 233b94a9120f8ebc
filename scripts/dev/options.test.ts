import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

const read = (env: NodeJS.ProcessEnv, ...argv: string[]) => readOptions('/nowhere', argv, env)

describe('the settings of npm run dev', () => {
  it('reach the workers unchanged, and only those that are set', () => {
    const env = { PAYMENT_CAPTURE: 'manual', HOLD_SECONDS: '4', HOLD_GRACE_SECONDS: '', HOME: '/root' }
    expect(read(env).settings).toEqual({ PAYMENT_CAPTURE: 'manual', HOLD_SECONDS: '4' })
  })

  it.each([
    [{ PAYMENT_CAPTURE: 'later' }, 'PAYMENT_CAPTURE must be automatic or manual or per_shipment, not "later"'],
    [{ CHECKOUT_REQUIRES: 'all' }, 'CHECKOUT_REQUIRES must be address or address,shipping, not "all"'],
    [{ TAX_ROUNDING: 'up' }, 'TAX_ROUNDING must be line or order, not "up"'],
    [{ HOLD_SECONDS: '4s' }, 'HOLD_SECONDS must be a whole number of seconds, not "4s"'],
    [{ GUEST_MAX_HELD_UNITS: '0' }, 'GUEST_MAX_HELD_UNITS must be a whole number above 0, not "0"'],
    [{ CORS_ORIGINS: 'store.example.com' }, 'CORS_ORIGINS: "store.example.com" is no origin'],
    [{ PORT: 'abc' }, 'PORT must be a port from 1 to 65535, not "abc"'],
  ])('are refused by name when invalid: %j', (env, message) => {
    expect(() => read(env)).toThrow(message)
  })
})
