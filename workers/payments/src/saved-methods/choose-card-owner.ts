import type { PayableOrder } from '@shop/contracts/orders/rpc'
import type { InvalidPaymentMethod, PaymentProviderUnavailable } from '@shop/contracts/payments/failures'
import { type AccessFailure, type Caller, requireUser } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import type { CardOwner } from './domain/saved-method.ts'

type Failure = AccessFailure | InvalidPaymentMethod | PaymentProviderUnavailable
type Payer = { caller: Caller; method: string | undefined; savePaymentMethod?: boolean | undefined }

export type CardDeps = Pick<PaymentsDeps, 'customers' | 'stripeMethods' | 'now'>

const NOBODY: CardOwner = { userId: null, saves: false }
const UNAVAILABLE = { code: 'payment_provider_unavailable' } as const

/**
 * Whose saved cards may pay for the order: those of its owner, if the owner pays. Guests have none. Stripe checks that a
 * card belongs to the owner, since the owner is its customer.
 */
export async function chooseCardOwner(
  deps: CardDeps,
  order: Pick<PayableOrder, 'userId'>,
  { caller, method, savePaymentMethod: saves = false }: Payer,
): Promise<Result<CardOwner, Failure>> {
  const isOwner = caller.kind === 'user' && caller.userId === order.userId
  if (!isOwner) return saves ? cannotSave(caller) : forAnotherPayer(deps, order, method)
  if (saves && (await customerFor(deps, caller.userId)) === undefined) return fail(UNAVAILABLE)
  return ok({ userId: caller.userId, saves })
}

function cannotSave(caller: Caller): Result<never, AccessFailure> {
  const user = requireUser(caller)
  return user.ok ? fail({ code: 'forbidden' }) : user
}

/**
 * At Stripe the payment of a customer may use their saved cards, so anybody else who pays must bring a card that is not
 * saved.
 */
async function forAnotherPayer(
  deps: CardDeps,
  order: Pick<PayableOrder, 'userId'>,
  method: string | undefined,
): Promise<Result<CardOwner, Failure>> {
  if (order.userId === null || method === undefined) return ok(NOBODY)
  const owner = await deps.stripeMethods.ownerOf(method)
  if (owner === undefined) return fail(UNAVAILABLE)
  return owner === null ? ok(NOBODY) : fail({ code: 'invalid_payment_method' })
}

/**
 * The Stripe customer of the user, created if there is none yet; with the same key each time, so that there is only one.
 *
 * @returns undefined when Stripe does not answer
 */
async function customerFor(deps: CardDeps, userId: UserId): Promise<string | undefined> {
  const known = await deps.customers.find(userId)
  if (known !== undefined) return known
  const stripeCustomerId = await deps.stripeMethods.createCustomer({ userId, key: `customer:${userId}` })
  if (stripeCustomerId === undefined) return undefined
  return deps.customers.save({ userId, stripeCustomerId, createdAt: deps.now() })
}
