import { DurableObject } from 'cloudflare:workers'
import { log } from '@shop/http'
import { keepStock, type StockKeeper } from '../domain/stock/keeper.ts'
import { attemptFailed, attemptSucceeded, isDue, noteChange, startAttempt } from '../domain/stock/projection.ts'
import { openBooks, type SqlBooks } from './books.ts'
import { type ProjectStock, projectorOf } from './project-stock.ts'

/**
 * The truth about one variant's stock; its name is the variant id. Every method may be called again with the same id or
 * key: same effect, same answer.
 *
 * One alarm: the earliest of next expiry and projection due. Private members are `#`, since whatever else is on the
 * prototype can be called from outside.
 */
export class StockObject extends DurableObject<CatalogEnv> {
  readonly #books: SqlBooks
  readonly #keeper: StockKeeper
  readonly #project: ProjectStock
  /** What the alarm is set to: null when there is none, undefined when this instance does not know. */
  #armedFor: Date | null | undefined

  constructor(ctx: DurableObjectState, env: CatalogEnv) {
    super(ctx, env)
    this.#books = openBooks(ctx.storage.sql, variantIdOf(ctx.id))
    this.#keeper = keepStock(this.#books)
    this.#project = projectorOf(env)
  }

  level() {
    return this.#change((now) => this.#keeper.level(now))
  }

  /** Takes units off sale until `expiresAt`. */
  hold(request: { holdId: string; quantity: number; expiresAt: Date }) {
    return this.#change((now) => this.#keeper.hold(request, now))
  }

  /** Moves the end of a live hold to `expiresAt` if that is later. */
  extend(request: { holdId: string; expiresAt: Date }) {
    return this.#change((now) => this.#keeper.extend(request, now))
  }

  /** Puts held units back on sale; also notes an id that was never seen, so that its hold cannot come after it. */
  release(request: { holdId: string }) {
    return this.#change((now) => this.#keeper.release(request, now))
  }

  /** Sells what is held. */
  commit(request: { holdId: string; quantity: number }) {
    return this.#change((now) => this.#keeper.commit(request, now))
  }

  /** Sells units whose hold is gone from what is available; a refusal is remembered and final. */
  commitLate(request: { holdId: string; quantity: number }) {
    return this.#change((now) => this.#keeper.commitLate(request, now))
  }

  /** Takes a sale back into stock; a later commit of the same hold is refused. */
  returnSale(request: { holdId: string }) {
    return this.#change((now) => this.#keeper.returnSale(request, now))
  }

  /** Adds or takes away units, never below what is held. */
  adjust(request: { delta: number; reason: string; key: string }) {
    return this.#change((now) => this.#keeper.adjust(request, now))
  }

  /** Sets what is on hand, never below what is held. */
  setOnHand(request: { onHand: number; key: string }) {
    return this.#change((now) => this.#keeper.setOnHand(request, now))
  }

  /** Adds the opening stock; does nothing where the level has been set before. */
  open(request: { quantity: number; key: string }) {
    return this.#change((now) => this.#keeper.open(request, now))
  }

  override async alarm(): Promise<void> {
    this.#armedFor = null
    const isProjectionDue = await this.#change((now) => {
      this.#keeper.settle(now)
      this.#books.forgetEndedHolds(now)
      const projection = this.#books.projection()
      if (!isDue(projection, now)) return false
      this.#books.saveProjection(startAttempt(projection, now))
      return true
    })
    // Not awaited: while this handler runs no other alarm fires, and a slow Postgres must not delay an expiry. Nothing is
    // lost with it, since the projection stays due until it is known to have worked.
    if (isProjectionDue) this.ctx.waitUntil(this.#writeProjection())
  }

  /**
   * Decides and writes with no await between, so that no other call can come between what was read and what is
   * written: that is what makes the check race-free. The alarm is set in the same turn, so it is stored together with
   * the change.
   */
  async #change<T>(work: (now: Date) => T): Promise<T> {
    const now = new Date()
    const answer = this.ctx.storage.transactionSync(() => {
      const before = this.#books.level().available
      const decided = work(now)
      // A sale of held units changes nothing that is listed.
      if (this.#books.level().available !== before) {
        this.#books.saveProjection(noteChange(this.#books.projection(), now))
      }
      return decided
    })
    await this.#arm()
    return answer
  }

  async #arm(): Promise<void> {
    const wake = this.#books.nextWake()
    if (wake?.getTime() === this.#armedFor?.getTime() && this.#armedFor !== undefined) return
    this.#armedFor = wake
    await (wake === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(wake))
  }

  async #writeProjection(): Promise<void> {
    const { variantId } = this.#books
    const { available, sequence } = this.#books.level()
    try {
      await this.#project({ variantId, available, sequence })
      await this.#change((now) => {
        this.#books.saveProjection(attemptSucceeded(this.#books.level().sequence === sequence, now))
      })
    } catch (error) {
      log('warn', 'stock_projection_failed', { variantId, error })
      await this.#change((now) => this.#books.saveProjection(attemptFailed(this.#books.projection(), now)))
    }
  }
}

/** @throws RangeError when the object was not reached by a variant's name: a bug of the caller */
function variantIdOf(id: DurableObjectId): number {
  const variantId = Number(id.name)
  if (!Number.isSafeInteger(variantId) || variantId < 1) throw new RangeError(`Not a variant: ${id.name}`)
  return variantId
}
