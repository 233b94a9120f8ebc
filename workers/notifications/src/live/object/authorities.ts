import type { OrdersRpc } from '@shop/contracts/orders/rpc'
import type { Revocations } from '@shop/contracts/users/access-tokens'
import type { UsersRpc } from '@shop/contracts/users/rpc'
import { parseEnv } from '@shop/http/env'
import { ObjectSettings, objectsIn } from '@shop/http/objects'
import { type TracedRpc, traced } from '@shop/http/rpc'

/** Who knows whether sessions, API keys and order tokens have ended. */
export type Authorities = ReturnType<typeof authoritiesOf>

export const authoritiesOf = (env: NotificationsEnv) => ({
  revocations: objectsIn<Rpc.DurableObjectBranded & Revocations>(env.REVOCATIONS, parseEnv(ObjectSettings, env)),
  // The generated type of the binding leaves out methods that it cannot describe; this one is there.
  users: traced<Pick<UsersRpc, 'scopesOfKeys'>>(env.USERS as unknown as TracedRpc<UsersRpc>, 'users'),
  orders: traced<Pick<OrdersRpc, 'areOrderTokens'>>(env.ORDERS, 'orders'),
})
