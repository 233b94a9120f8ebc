import type { InvalidPaymentMethod, PayableOrder, PaymentProviderUnavailable } from '@shop/contracts'
import { type AccessFailure, type Caller, fail, ok, type Result, requireUser, type UserId } from '@shop/kernel'
import type { CardHolder, PaymentsDeps } from '../ports.ts'

type Failure = AccessFailure | InvalidPaymentMethod | PaymentProviderUnavailable

const UNAVAILABLE = { code: 'payment_provider_unavailable' } as const

/**
 * Whose saved cards may pay for the order: those of its owner, if it is he who pays. Guests have none. That a card is his
 * Stripe checks, since it belongs to him there.
 */
export async function cardHolder(
  deps: PaymentsDeps,
  order: PayableOrder,
  request: { caller: Caller; method: string | undefined; savePaymentMethod?: boolean | undefined },
): Promise<Result<CardHolder, Failure>> {
  const { caller, method, savePaymentMethod: saves = false } = request
  const isOwner = caller.kind === 'user' && caller.userId === order.userId
  if (!isOwner) return saves ? cannotSave(caller) : paidByAnother(deps, order, method)
  if (saves && (await customerFor(deps, caller.userId)) === undefined) return fail(UNAVAILABLE)
  return ok({ userId: caller.userId, saves })
}

function cannotSave(caller: Caller): Result<never, AccessFailure> {
  const user = requireUser(caller)
  return user.ok ? fail({ code: 'forbidden' }) : user
}

/** The payment of a customer may use his cards at Stripe; whoever else pays it has to bring another. */
async function paidByAnother(
  deps: PaymentsDeps,
  order: PayableOrder,
  method: string | undefined,
): Promise<Result<CardHolder, Failure>> {
  const holder = { userId: null, saves: false }
  if (order.userId === null || method === undefined) return ok(holder)
  const owner = await deps.wallet.ownerOf(method)
  if (owner === undefined) return fail(UNAVAILABLE)
  return owner === null ? ok(holder) : fail({ code: 'invalid_payment_method' })
}

/**
 * Who the user is at Stripe, made there if he is nobody yet: with the same key, so that he becomes one.
 *
 * @returns undefined when Stripe does not answer
 */
async function customerFor(deps: PaymentsDeps, userId: UserId): Promise<string | undefined> {
  const known = await deps.records.customerOf(userId)
  if (known !== undefined) return known
  const stripeCustomerId = await deps.wallet.createCustomer({ userId, key: `customer:${userId}` })
  if (stripeCustomerId === undefined) return undefined
  return deps.records.keepCustomer({ userId, stripeCustomerId, createdAt: deps.now() })
}
