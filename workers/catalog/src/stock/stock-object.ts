import { DurableObject } from 'cloudflare:workers'
import { log } from '@shop/http'
import type { Adjust, SetOnHand } from '../domain/stock/adjust.ts'
import type { StockAudit } from '../domain/stock/audit.ts'
import { keepStock, type StockKeeper } from '../domain/stock/keeper.ts'
import type { LowStockWatch } from '../domain/stock/low-stock.ts'
import { attemptFailed, attemptSucceeded, isDue, noteChange, startAttempt } from '../domain/stock/projection.ts'
import { openBooks, type SqlBooks } from './books.ts'
import { projectorOf } from './stock-projector.ts'
import { migrateTables } from './tables.ts'

/** How long an alarm waits for its projection, which then costs no write but the one that says it is done. */
const PATIENCE_MS = 500

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
  /** What the alarm is set to: null when there is none, undefined when this instance does not know. */
  #armedFor: Date | null | undefined

  constructor(ctx: DurableObjectState, env: CatalogEnv) {
    super(ctx, env)
    migrateTables(ctx.storage)
    this.#books = openBooks(ctx.storage.sql, variantIdOf(ctx.id))
    this.#keeper = keepStock(this.#books)
  }

  level() {
    return this.#change((now) => this.#keeper.level(now))
  }

  /** The level, and movements of it, newest first. */
  ledger(page: { before?: number | undefined; limit: number }) {
    return this.#change((now) => ({ level: this.#keeper.level(now), entries: this.#books.ledger(page) }))
  }

  /** The books added up, to be held against what is listed. */
  audit(): Promise<StockAudit> {
    return this.#change((now) => {
      const level = this.#keeper.level(now)
      return { level, ...this.#books.totals(), isListingDue: this.#books.projection().dueAt !== null }
    })
  }

  /** What became of holds. */
  findHolds(request: { holdIds: string[] }) {
    return this.#change((now) => this.#keeper.findHolds(request, now))
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
  adjust(request: Adjust) {
    return this.#change((now) => this.#keeper.adjust(request, now))
  }

  /** Sets what is on hand, never below what is held. */
  setOnHand(request: SetOnHand) {
    return this.#change((now) => this.#keeper.setOnHand(request, now))
  }

  /** Adds the opening stock; does nothing where the level has been set before. */
  open(request: { quantity: number; key: string }) {
    return this.#change((now) => this.#keeper.open(request, now))
  }

  /** Says from when on stock is low, unless something newer was said before. */
  watchLowStock(watch: LowStockWatch) {
    return this.#change(() => this.#keeper.watchLowStock(watch))
  }

  override async alarm(): Promise<void> {
    this.#armedFor = null
    const isProjectionDue = this.#decide((now) => {
      this.#keeper.settle(now)
      this.#books.forgetEndedHolds(now)
      return isDue(this.#books.projection(), now)
    })
    if (!isProjectionDue) return this.#arm()
    const written = this.#writeProjection()
    if (await isOverWithin(PATIENCE_MS, written)) return
    // While this handler runs no other alarm fires, and a slow Postgres must not delay an expiry. Nothing is lost with
    // the attempt, since the projection is due again until it is known to have worked.
    await this.#change((now) => this.#books.saveProjection(startAttempt(this.#books.projection(), now)))
    this.ctx.waitUntil(written)
  }

  async #change<T>(work: (now: Date) => T): Promise<T> {
    const answer = this.#decide(work)
    await this.#arm()
    return answer
  }

  /**
   * Decides and writes with no await between, so that no other call can come between what was read and what is
   * written: that is what makes the check race-free. The alarm is set in the same turn, so it is stored together with
   * the change.
   */
  #decide<T>(work: (now: Date) => T): T {
    const now = new Date()
    const before = this.#books.level().available
    try {
      return this.ctx.storage.transactionSync(() => {
        const decided = work(now)
        // A sale of held units changes nothing that is listed.
        if (this.#books.level().available !== before) this.#noteChange(now)
        return decided
      })
    } catch (error) {
      this.#books.reread()
      throw error
    }
  }

  #noteChange(now: Date): void {
    const projection = this.#books.projection()
    const noted = noteChange(projection, now)
    if (noted !== projection) this.#books.saveProjection(noted)
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
    const low = this.#books.untoldLowStock()
    const isListed = await projectorOf(this.env, variantId)
      .project({ variantId, available, sequence, low })
      .catch((error: unknown) => {
        log('warn', 'stock_projector_lost', { variantId, error })
        return false
      })
    await this.#change((now) => {
      const told = low.at(-1)
      if (isListed && told !== undefined) this.#books.forgetLowStock(told.sequence)
      const isCurrent = this.#books.level().sequence === sequence && this.#books.untoldLowStock().length === 0
      const next = isListed ? attemptSucceeded(isCurrent, now) : attemptFailed(this.#books.projection(), now)
      this.#books.saveProjection(next)
    })
  }
}

async function isOverWithin(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | null = null
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const isOver = await Promise.race([work.then(() => true), patience])
  clearTimeout(timer)
  return isOver
}

/** @throws RangeError when the object was not reached by a variant's name: a bug of the caller */
function variantIdOf(id: DurableObjectId): number {
  const variantId = Number(id.name)
  if (!Number.isSafeInteger(variantId) || variantId < 1) throw new RangeError(`Not a variant: ${id.name}`)
  return variantId
}
