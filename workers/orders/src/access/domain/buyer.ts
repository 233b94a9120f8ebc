import type { OrderActor } from '@shop/contracts/orders/states'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { actorOf } from './visibility.ts'

/**
 * Who places an order: an account, optionally with an e-mail address for this order, or a guest with one. The guest of a key with
 * `orders:write` is somebody for whom staff order.
 */
export type Buyer = { actor: OrderActor } & ({ userId: UserId; email: string | null } | { userId: null; email: string })

export function buyerOf(caller: Caller, email: string | null): Result<Buyer, AuthenticationRequired> {
  const actor = actorOf(caller, 'orders:write')
  if (caller.kind === 'user') return ok({ actor, userId: caller.userId, email })
  return email === null ? fail({ code: 'authentication_required' }) : ok({ actor, userId: null, email })
}

/**
 * Whether a key is long enough to carry 128 random bits: a UUID, 32 hexadecimal digits, or 22 characters of base64url.
 * A guest's key returns their order and its token to anyone who sends it, so it must be unguessable.
 */
export function isUnguessable(key: string): boolean {
  const text = key.replace(/^"(.*)"$/, '$1')
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 32
  return /^[A-Za-z0-9_-]{22,}$/.test(text)
}
