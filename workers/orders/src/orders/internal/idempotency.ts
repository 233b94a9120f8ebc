import type { IdempotencyKeyTooWeak } from '@shop/contracts/orders/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { normalEmail } from '@shop/kernel/email'
import { sha256Hex } from '@shop/kernel/hash'
import type { IdempotencyInFlight, IdempotencyKeyReused } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { type Buyer, isUnguessable } from '../../access/domain/buyer.ts'
import type { BuyerCounter, CounterState } from '../../buyers/domain/caps.ts'
import type { OrdersDeps } from '../../deps.ts'
import type { OrderItem } from '../../pricing/domain/price-order.ts'
import type { Order, ShippingAddress } from '../domain/order.ts'
import type { KeyClaim } from '../repository/idempotency-keys.ts'

/** An attempt that is not done after this counts as dead, and the next one may take over its key. */
const CLAIM_SECONDS = 60

type KeyedRequest = {
  items: OrderItem[]
  currency?: CurrencyCode | undefined
  shippingAddress: ShippingAddress | null
  idempotencyKey?: string | undefined
}

/** The claim of this attempt; undefined when the request has no key. Refuses a guessable key of a guest. */
export async function claimOf(
  deps: Pick<OrdersDeps, 'newClaim'>,
  buyer: Buyer,
  { items, currency, shippingAddress, idempotencyKey }: KeyedRequest,
): Promise<Result<KeyClaim | undefined, IdempotencyKeyTooWeak>> {
  if (idempotencyKey === undefined) return ok(undefined)
  const email = buyer.email === null ? [] : [normalEmail(buyer.email)]
  // Only where it was sent, so that a key from before orders had a currency still knows its request.
  const asked = currency === undefined ? [] : [{ currency }]
  const requestHash = await sha256Hex(JSON.stringify([items, shippingAddress, ...email, ...asked]))
  const claim = deps.newClaim()
  if (buyer.userId !== null) {
    return ok({ scope: `${buyer.userId}:placeOrder`, key: idempotencyKey, requestHash, claim })
  }
  if (!isUnguessable(idempotencyKey)) return fail({ code: 'idempotency_key_too_weak' })
  // Address and key together return a guest's order, so only their hash is stored.
  const key = await sha256Hex(JSON.stringify([...email, idempotencyKey]))
  return ok({ scope: 'guest:placeOrder', key, requestHash, claim })
}

/** `known`: the order that the key led to before. `states`: what the buyer's counters count, if they were read. */
type Claimed = { known?: Order; states: CounterState[] | undefined }

/**
 * Claims the key, and reads the counters of the buyer in the same round trip. Without a key, they are read by themselves
 * where that is worth a round trip of its own, beside the one for prices.
 */
export async function claimKey(
  deps: Pick<OrdersDeps, 'keys' | 'buyers' | 'now'>,
  claim: KeyClaim | undefined,
  { counters, isWorthReading }: { counters: BuyerCounter[]; isWorthReading: boolean },
): Promise<Result<Claimed, IdempotencyInFlight | IdempotencyKeyReused>> {
  if (claim === undefined) return ok({ states: isWorthReading ? await deps.buyers.readCounters(counters) : undefined })
  const now = deps.now()
  const times = { now, claimedUntil: addSeconds(now, CLAIM_SECONDS) }
  const { key, states } = await deps.keys.claim(claim, { ...times, counters })
  if (key.kind === 'in_flight') return fail({ code: 'idempotency_in_flight' })
  if (key.kind === 'other_request') return fail({ code: 'idempotency_key_reused' })
  return ok(key.kind === 'known' ? { known: key.subject, states } : { states })
}

/**
 * Drops the claim of an attempt that failed or whose outcome is unknown. A claim with an order stays, and once it is gone
 * an order still on its way cannot be written. If dropping fails, the claim ends when it is overdue.
 */
export async function dropClaim(deps: Pick<OrdersDeps, 'keys' | 'warn'>, claim: KeyClaim | undefined): Promise<void> {
  if (claim === undefined) return
  await deps.keys.drop(claim).catch((error: unknown) => deps.warn('claim_kept', { error }))
}
