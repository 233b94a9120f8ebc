import { describe, expect, it } from 'vitest'
import { OrdersSettings } from '../../../src/env.ts'

const settings = (over: Record<string, string | undefined>) =>
  OrdersSettings.safeParse({
    ...{ ORDERS_DATABASE_URL: 'postgres://orders@db.test/shop', NEON_FETCH_ENDPOINT: '', HOLD_SECONDS: '900' },
    ...{
      HOLD_GRACE_SECONDS: '300',
      GUEST_HOLD_SECONDS: '600',
      GUEST_MAX_OPEN_ORDERS: '3',
      GUEST_MAX_HELD_UNITS: '100',
    },
    ...{ CUSTOMER_MAX_OPEN_ORDERS: '10', CUSTOMER_MAX_HELD_UNITS: '1000', ADDRESS_MAX_HELD_UNITS: '500' },
    ...{
      CART_ABANDONED_SECONDS: '3600',
      RETURN_WINDOW_DAYS: '30',
      RETURN_REASONS: 'unwanted,other',
      OBJECT_LOCATION: 'weur',
      OBJECT_JURISDICTION: '',
      VIES_URL: '',
      TAX_ROUNDING: 'line',
      CHECKOUT_REQUIRES: '',
      STRIPE_API_BASE: '',
      ADDRESS_LIMITS: 'strict',
      GIFT_CARD_DAYS: '',
    },
    ...{
      ORDER_TOKEN_SECRET: 'a secret of at least thirty-two characters',
      TAX_PROVIDER: 'rates',
      TAX_FALLBACK: 'rates',
    },
    ...over,
  })

describe('the settings of tax', () => {
  it('need no key for the shop’s own rates', () => {
    expect(settings({}).error).toBeUndefined()
  })

  it('need a key for Stripe Tax', () => {
    expect(settings({ TAX_PROVIDER: 'stripe' }).error?.issues).toMatchObject([{ path: ['STRIPE_TAX_KEY'] }])
    expect(settings({ TAX_PROVIDER: 'stripe', STRIPE_TAX_KEY: 'rk_test_1' }).error).toBeUndefined()
  })

  it('are one of those that there are', () => {
    const refused = settings({ TAX_PROVIDER: 'other', TAX_FALLBACK: 'other' }).error?.issues.map(({ path }) => path[0])
    expect(refused).toEqual(['TAX_PROVIDER', 'TAX_FALLBACK'])
  })
})
