import type { CartEmpty, CartNotFound, CartNotOpen } from '@shop/contracts/orders/cart-failures'
import type { OrderId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { type Cart, changed, type LastAnswer } from './cart.ts'
import { type CartAccess, mayChange } from './may-use.ts'

/** An attempt that has not ended after this time counts as lost. */
const ATTEMPT_SECONDS = 60

export type BeginCompletion = {
  access: CartAccess
  /** Names this attempt. */
  claim: string
  versions: ExpectedVersions
  /** An order of the cart that is known to be cancelled unpaid: another one may be made. */
  reopens?: OrderId | undefined
}

export type Begun =
  /** This attempt has the cart, whose order it may place. */
  | { kind: 'begun'; cart: Cart }
  /** The same, but an attempt before it was lost and may have placed an order. */
  | { kind: 'unsettled'; cart: Cart }
  /** Another attempt has it. */
  | { kind: 'busy' }
  /** `isKnownKey` where a request with the same key has made the order. */
  | { kind: 'completed'; orderId: OrderId; isKnownKey: boolean }

export type BeginFailure = CartNotFound | CartNotOpen | CartEmpty | VersionConflict

/** Decides which of several attempts makes the order of a cart: one at a time. */
export function beginCompletion(cart: Cart, request: BeginCompletion, now: Date): Result<Begun, BeginFailure> {
  if (!mayChange(cart, request.access)) return fail({ code: 'cart_not_found' })
  const claimed: Cart = { ...cart, status: 'completing', completion: { claim: request.claim, since: now } }
  if (cart.status === 'open') {
    const isExpected = checkVersion(request.versions, cart.version)
    if (!isExpected.ok) return isExpected
    return cart.items.length === 0 ? fail({ code: 'cart_empty' }) : ok({ kind: 'begun', cart: claimed })
  }
  if (cart.status === 'completing') {
    // A repeated call of the same attempt, whose answer was lost.
    if (cart.completion?.claim === request.claim) return ok({ kind: 'begun', cart })
    return ok(isLost(cart, now) ? { kind: 'unsettled', cart: claimed } : { kind: 'busy' })
  }
  if (cart.status !== 'completed' || cart.orderId === null) {
    return fail({ code: 'cart_not_open', cartStatus: cart.status })
  }
  return request.reopens === cart.orderId
    ? ok({ kind: 'begun', cart: { ...claimed, orderId: null } })
    : ok({ kind: 'completed', orderId: cart.orderId, isKnownKey: false })
}

export type EndCompletion = {
  claim: string
  /** The order that the attempt has made or found; null where it was refused. */
  order: { id: OrderId; userId: UserId | null } | null
  /** What the buyer was told instead. */
  answer?: LastAnswer | undefined
}

/**
 * Ends an attempt: the cart is completed, or open again. It belongs to the account that its order belongs to. The end of an
 * attempt that another one has replaced changes nothing.
 */
export function endCompletion(cart: Cart, { claim, order, answer }: EndCompletion, now: Date): Cart {
  if (cart.status !== 'completing' || cart.completion?.claim !== claim) return cart
  if (order === null) {
    return { ...cart, status: 'open', completion: null, lastAnswer: answer ?? cart.lastAnswer }
  }
  const to = { status: 'completed', completion: null, orderId: order.id, userId: cart.userId ?? order.userId } as const
  return changed(cart, to, now)
}

/** Opens a completed cart again whose order was cancelled unpaid. */
export function reopen(cart: Cart, orderId: OrderId, now: Date): Cart {
  if (cart.status !== 'completed' || cart.orderId !== orderId) return cart
  return changed(cart, { status: 'open', orderId: null }, now)
}

/** Whether an attempt has taken so long that it is lost. */
export const isLost = ({ status, completion }: Cart, now: Date): boolean =>
  status === 'completing' && (completion === null || addSeconds(completion.since, ATTEMPT_SECONDS) <= now)
