import type { GatewayBindings } from '../../src/env.ts'
import { fakeShop, newKey, type usersRpc } from './fake-shop.ts'

const LIMITERS = [
  'ADDRESS_LIMIT',
  'NETWORK_LIMIT',
  'WEBHOOK_LIMIT',
  'USER_LIMIT',
  'STOREFRONT_ADDRESS_LIMIT',
  'STOREFRONT_LIMIT',
  'PAYMENT_LIMIT',
  'PAYMENT_ORDER_LIMIT',
  'PAYMENT_ADDRESS_LIMIT',
  'ORDER_LIMIT',
  'ORDER_ADDRESS_LIMIT',
  'CART_ADDRESS_LIMIT',
  'CART_WRITE_ADDRESS_LIMIT',
  'ORDER_TOKEN_ADDRESS_LIMIT',
  'LIVE_TICKET_ADDRESS_LIMIT',
] as const

type LimiterName = (typeof LIMITERS)[number]

const forEachLimiter = <T>(make: (name: LimiterName) => T) =>
  // fromEntries loses the key type; the keys are those of the list.
  Object.fromEntries(LIMITERS.map((name) => [name, make(name)])) as Record<LimiterName, T>

/** The gateway, with limiters that count and have the given quotas. */
export async function limitedShop(
  quotas: Partial<Record<LimiterName, number>> = {},
  users?: ReturnType<typeof usersRpc>,
) {
  const counted = forEachLimiter((): Record<string, number> => ({}))
  const limiter = (name: LimiterName): GatewayBindings[LimiterName] => ({
    limit: async ({ key }) => {
      const count = (counted[name][key] ?? 0) + 1
      counted[name][key] = count
      return { success: count <= (quotas[name] ?? Number.POSITIVE_INFINITY) }
    },
  })
  const key = await newKey()
  const { ask, arrived } = fakeShop({
    keys: [key.publicJwk],
    ...(users && { users }),
    overrides: forEachLimiter(limiter),
  })
  const as = (token: string, address = '10.0.0.1', method = 'GET') => ({
    method,
    headers: { authorization: `Bearer ${token}`, 'cf-connecting-ip': address },
  })
  return { ask, arrived, counted, key, as }
}

export const policyOf = (response: Response) => response.headers.get('ratelimit-policy')
