import type { IdempotencyKeyTooWeak, Order } from '@shop/contracts'
import { addSeconds, fail, type IdempotencyInFlight, type IdempotencyKeyReused, ok, type Result } from '@shop/kernel'
import { type Buyer, isUnguessable, normalEmail } from '../domain/buyer.ts'
import type { OrderItem } from '../domain/pricing.ts'
import type { Claim, OrdersDeps } from '../ports.ts'

/** An attempt that has not finished in this time is taken to be dead, and the next one may take its key over. */
const CLAIM_SECONDS = 60

type Keyed = { items: OrderItem[]; shippingAddress: unknown; idempotencyKey?: string | undefined }

/** What this attempt claims the request's key with; nothing when it has none. Tells a guest that his key is too weak. */
export async function claimOf(
  deps: Pick<OrdersDeps, 'sha256' | 'newClaim'>,
  buyer: Buyer,
  { items, shippingAddress, idempotencyKey }: Keyed,
): Promise<Result<Claim | undefined, IdempotencyKeyTooWeak>> {
  if (idempotencyKey === undefined) return ok(undefined)
  const email = buyer.email === null ? [] : [normalEmail(buyer.email)]
  const requestHash = await deps.sha256(JSON.stringify([items, shippingAddress, ...email]))
  const claim = deps.newClaim()
  if (buyer.userId !== null) {
    return ok({ scope: `${buyer.userId}:placeOrder`, key: idempotencyKey, requestHash, claim })
  }
  if (!isUnguessable(idempotencyKey)) return fail({ code: 'idempotency_key_too_weak' })
  // A guest is his address together with the key, which answers with his order: so only a hash of it is kept.
  const key = await deps.sha256(JSON.stringify([...email, idempotencyKey]))
  return ok({ scope: 'guest:placeOrder', key, requestHash, claim })
}

/** Claims the key: the order it has led to before, if it has, or nothing when this attempt may go on. */
export async function claimKey(
  deps: Pick<OrdersDeps, 'store' | 'now'>,
  claim: Claim | undefined,
): Promise<Result<Order | undefined, IdempotencyInFlight | IdempotencyKeyReused>> {
  if (claim === undefined) return ok(undefined)
  const now = deps.now()
  const known = await deps.store.claimKey(claim, { now, claimedUntil: addSeconds(now, CLAIM_SECONDS) })
  if (known === 'in_flight') return fail({ code: 'idempotency_in_flight' })
  if (known === 'other_request') return fail({ code: 'idempotency_key_reused' })
  return ok(known === 'claimed' ? undefined : known)
}

/**
 * Gives up the claim of an attempt that came to nothing, or whose outcome is not known: a claim with an order stays, and
 * one that is gone lets no order be written that was still on its way. Failing that, it is free when it is overdue.
 */
export async function forgetClaim(deps: Pick<OrdersDeps, 'store' | 'warn'>, claim: Claim | undefined): Promise<void> {
  if (claim === undefined) return
  await deps.store.dropClaim(claim).catch((error: unknown) => deps.warn('claim_kept', { error }))
}
