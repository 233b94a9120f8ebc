import { DurableObject } from 'cloudflare:workers'
import type { CartCompleting, CartNotFound, CartNotOpen } from '@shop/contracts/orders/cart-failures'
import { guarded } from '@shop/http/guard'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { CartId, OrderId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { VersionConflict } from '@shop/kernel/versions'
import type { Cart } from './domain/cart.ts'
import { claimCart } from './domain/claim-cart.ts'
import {
  type BeginCompletion,
  type BeginFailure,
  type Begun,
  beginCompletion,
  type EndCompletion,
  endCompletion,
  reopen,
} from './domain/completion.ts'
import { decideErasure, decideRemoval, type Removal } from './domain/decide-removal.ts'
import { age, asOf, expiresAt } from './domain/expiry.ts'
import { type CartAccess, mayRead } from './domain/may-use.ts'
import { cancelMerge, markMerged } from './domain/merge-carts.ts'
import type { RequestKey } from './domain/request-key.ts'
import { type ShownAnswer, saveAnswer } from './domain/save-answer.ts'
import { type CartWrite, type WriteFailure, type WrittenCart, writeCart } from './domain/write-cart.ts'
import { CartStorage } from './object/cart-storage.ts'
import { Waiting } from './object/waiting.ts'

/** How long a call waits for another one that completes the cart. */
const WAIT_MS = 3_000

type NewCartRequest = { cart: Cart; key: RequestKey; access: CartAccess }
type KeyedFailure = IdempotencyKeyReused
type KeyedWrite = CartWrite & {
  key: RequestKey
  sentKey?: RequestKey | undefined
  shown?: ShownAnswer | undefined
}
/** `isReplayed` when a request with the same key had made the change before. */
type WrittenOnce = WrittenCart & { isReplayed: boolean }

/**
 * One cart; its name is the cart's id. Every method decides and writes with no await between, so that no other call can run
 * between the read and the write: that makes each decision race-free. Every method may be called again with the same key or
 * claim: same effect.
 *
 * One alarm: the end of the cart. It is set when the cart is made and then only when it fires, since each is a write.
 */
export class CartObject extends DurableObject<OrdersEnv> {
  readonly #storage: CartStorage
  readonly #completed = new Waiting()

  constructor(ctx: DurableObjectState, env: OrdersEnv) {
    super(ctx, env)
    this.#storage = new CartStorage(ctx.storage)
  }

  /** @param request.key whether a request with it was applied */
  read({
    access,
    key,
  }: {
    access: CartAccess
    key?: RequestKey | undefined
  }): Result<{ cart: Cart; isKnownKey: boolean }, CartNotFound | IdempotencyKeyReused> {
    const cart = this.#cart(new Date())
    if (cart === undefined || !mayRead(cart, access)) return fail({ code: 'cart_not_found' })
    const known = this.#known(key)
    return known.ok ? ok({ cart, isKnownKey: known.value !== undefined }) : known
  }

  /** Makes the cart as it is given. @param key of the request that led to its id */
  async create({
    cart,
    key,
    access,
  }: NewCartRequest): Promise<Result<{ cart: Cart; isReplayed: boolean }, CartNotFound | IdempotencyKeyReused>> {
    const now = new Date()
    const known = this.read({ access, key })
    if (known.ok) return ok({ cart: known.value.cart, isReplayed: true })
    // It is somebody else's by now, or the key was sent with another request.
    if (this.#cart(now) !== undefined) return known
    // It was deleted: its id is not used again.
    if (this.#storage.cart() !== undefined) {
      const sent = this.#known(key)
      return sent.ok ? fail({ code: 'cart_not_found' }) : sent
    }
    this.#save(cart, [key], now)
    await this.ctx.storage.setAlarm(expiresAt(cart))
    return ok({ cart, isReplayed: false })
  }

  /**
   * @param request.sentKey what the request was sent with, where `key` is another one, by what it does
   * @param request.shown what the buyer will be answered, if the cart then has that version
   */
  write({ key, sentKey, shown, ...write }: KeyedWrite): Result<WrittenOnce, WriteFailure | KeyedFailure> {
    const now = new Date()
    const cart = this.#cart(now)
    if (cart === undefined || !mayRead(cart, write.access)) return fail({ code: 'cart_not_found' })
    const known = this.#known(key)
    if (!known.ok) return known
    if (known.value !== undefined) return ok({ cart, changes: [], isReplayed: true })
    const sent = this.#known(sentKey)
    if (!sent.ok) return sent
    const written = writeCart(cart, write, now)
    if (!written.ok) return written
    const changed = shown === undefined ? written.value.cart : saveAnswer(written.value.cart, shown)
    this.#save(changed, [key, ...(sentKey === undefined ? [] : [sentKey])], now)
    return ok({ ...written.value, cart: changed, isReplayed: false })
  }

  /** Keeps what the buyer was answered. */
  saveAnswer(request: ShownAnswer): void {
    this.#change((cart) => saveAnswer(cart, request))
  }

  markMerged(request: { access: CartAccess; into: CartId }): Result<Cart, CartNotFound | CartNotOpen | CartCompleting> {
    const now = new Date()
    const cart = this.#cart(now)
    const merged = cart === undefined ? fail({ code: 'cart_not_found' }) : markMerged(cart, request, now)
    if (merged.ok && merged.value !== cart) this.#save(merged.value)
    return merged
  }

  /** Gives the cart of a guest to the account with its e-mail address, normalized. */
  claim(account: { userId: UserId; email: string }): Result<Cart, CartNotFound | CartNotOpen> {
    const now = new Date()
    const cart = this.#cart(now)
    const claimed = cart === undefined ? fail({ code: 'cart_not_found' }) : claimCart(cart, account, now)
    if (claimed.ok && claimed.value !== cart) this.#save(claimed.value)
    return claimed
  }

  cancelMerge(request: { into: CartId }): void {
    this.#change((cart, now) => cancelMerge(cart, request, now))
  }

  /** Waits for another attempt, but not for ever. @param key of the request: with it, its order is answered again */
  async beginCompletion({
    key,
    ...request
  }: BeginCompletion & { key?: RequestKey | undefined }): Promise<
    Result<Exclude<Begun, { kind: 'busy' }>, BeginFailure | CartCompleting | KeyedFailure>
  > {
    const waitUntil = Date.now() + WAIT_MS
    for (;;) {
      const begun = this.#begin(request, key)
      if (!begun.ok) return begun
      if (begun.value.kind !== 'busy') return ok(begun.value)
      const left = waitUntil - Date.now()
      if (left <= 0) return fail({ code: 'cart_completing' })
      await this.#completed.next(left)
    }
  }

  endCompletion({ key, ...end }: EndCompletion & { key?: RequestKey | undefined }): void {
    const now = new Date()
    const cart = this.#cart(now)
    const ended = cart && endCompletion(cart, end, now)
    if (ended === undefined || ended === cart) return
    // A refusal is not kept under the key: a retry runs afresh.
    this.#save(ended, end.order !== null && key !== undefined ? [{ ...key, subject: end.order.id }] : [], now)
    this.#completed.wake()
  }

  /** Opens the cart again whose order was cancelled unpaid. */
  reopen({ orderId }: { orderId: OrderId }): void {
    this.#change((cart, now) => reopen(cart, orderId, now))
  }

  /** Deletes everything in the cart. That there was one is known until the alarm deletes the object. */
  remove(removal: Removal): Result<undefined, CartNotFound | CartCompleting | VersionConflict> {
    const now = new Date()
    const cart = this.#cart(now)
    const decided = cart === undefined ? fail({ code: 'cart_not_found' }) : decideRemoval(cart, removal, now)
    if (!decided.ok) return decided
    this.#save(decided.value)
    return ok()
  }

  /** Deletes everything in the cart of somebody who was erased, and the keys of requests. A cart that is gone is erased. */
  erase(): Result<undefined, CartCompleting> {
    const now = new Date()
    const cart = this.#cart(now)
    if (cart === undefined) return ok()
    const decided = decideErasure(cart, now)
    if (!decided.ok) return decided
    this.#save(decided.value)
    this.#storage.deleteKeys()
    return ok()
  }

  override alarm(): Promise<void> {
    return guarded('cart_alarm_failed', async () => {
      const cart = this.#storage.cart()
      if (cart === undefined) return
      const aged = age(cart, new Date())
      if (aged.kind === 'over') return this.#storage.clear()
      if (aged.kind === 'emptied') this.#save(aged.cart)
      await this.ctx.storage.setAlarm(aged.until)
    })
  }

  #begin(request: BeginCompletion, key: RequestKey | undefined): Result<Begun, BeginFailure | KeyedFailure> {
    const now = new Date()
    const cart = this.#cart(now)
    if (cart === undefined || !mayRead(cart, request.access)) return fail({ code: 'cart_not_found' })
    const known = this.#known(key)
    if (!known.ok) return known
    const orderId = known.value?.subject
    // Its order, even where the cart was opened again since. Only `endCompletion` stores subjects of these keys.
    if (orderId) return ok({ kind: 'completed', orderId: orderId as OrderId, isKnownKey: true })
    const begun = beginCompletion(cart, request, now)
    if (begun.ok && 'cart' in begun.value && begun.value.cart !== cart) this.#save(begun.value.cart)
    return begun
  }

  /** The cart as it is now, which may be older than what is stored. Undefined for one that was deleted. */
  #cart(now: Date): Cart | undefined {
    const cart = this.#storage.cart()
    return cart === undefined || cart.isDeleted ? undefined : asOf(cart, now)
  }

  /** What is stored under a key; undefined for a new one, and for none. Refuses a key that another request was sent with. */
  #known(key: RequestKey | undefined): Result<RequestKey | undefined, IdempotencyKeyReused> {
    const known = key && this.#storage.key(key.key)
    return known === undefined || known.requestHash === key?.requestHash
      ? ok(known)
      : fail({ code: 'idempotency_key_reused' })
  }

  #change(decide: (cart: Cart, now: Date) => Cart): void {
    const now = new Date()
    const cart = this.#cart(now)
    const changed = cart && decide(cart, now)
    if (changed !== undefined && changed !== cart) this.#save(changed)
  }

  /** The cart and the keys of its change, together. */
  #save(cart: Cart, keys: readonly RequestKey[] = [], now = new Date()): void {
    try {
      this.ctx.storage.transactionSync(() => {
        this.#storage.save(cart)
        for (const key of keys) this.#storage.saveKey(key, now)
      })
    } catch (error) {
      this.#storage.clearCache()
      throw error
    }
  }
}
