import type { OrderActor } from '@shop/contracts'
import { type AuthenticationRequired, type Caller, fail, ok, type Result, type UserId } from '@shop/kernel'
import { actorOf } from './order.ts'

/** Who orders: an account, with an address of its own for this order or without, or a guest. */
export type Buyer = { actor: OrderActor } & ({ userId: UserId; email: string | null } | { userId: null; email: string })

export function buyerOf(caller: Caller, email: string | null): Result<Buyer, AuthenticationRequired> {
  const actor = actorOf(caller)
  if (caller.kind === 'user') return ok({ actor, userId: caller.userId, email })
  return email === null ? fail({ code: 'authentication_required' }) : ok({ actor, userId: null, email })
}

/** The same for every spelling of an address. */
export const normalEmail = (email: string) => email.normalize('NFC').toLowerCase()

/**
 * Whether a key is long enough to carry 128 random bits: a UUID, 32 hexadecimal digits, or 22 characters of base64url.
 * The order of a guest answers whoever has its key, so the key must be no guess.
 */
export function isUnguessable(key: string): boolean {
  const text = key.replace(/^"(.*)"$/, '$1')
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 32
  return /^[A-Za-z0-9_-]{22,}$/.test(text)
}
