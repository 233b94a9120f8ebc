import { DurableObject } from 'cloudflare:workers'
import { guarded } from '@shop/http/guard'
import { log } from '@shop/http/log'
import { withTimeout } from '@shop/kernel/timeout'
import type { AdjustRequest, SetAvailableRequest } from '../domain/adjust.ts'
import type { StockAudit } from '../domain/audit.ts'
import type { BatchedMethod, BatchedRequests, WithTerms } from '../domain/batched.ts'
import type { CommitRequest, ShrinkRequest } from '../domain/commit.ts'
import type { ExtendRequest, HoldRequest } from '../domain/hold.ts'
import { EMPTY_STOCK } from '../domain/level.ts'
import { isOfLostStock, isOpen } from '../domain/opening.ts'
import {
  attemptFailed,
  attemptSucceeded,
  isDue,
  scheduleProjection,
  scheduleSold,
  startAttempt,
} from '../domain/projection.ts'
import { VariantStock } from '../domain/variant-stock.ts'
import { projectorsOf } from './stock-projector.ts'
import { SqlStockStorage } from './stock-storage.ts'

/** How long an alarm waits for its projection. A projection that ends in this time costs one write, not two. */
const PROJECTION_WAIT_MS = 500

/**
 * The source of truth for one variant's stock; its name is the variant id. Every method may be called again with the same
 * id or key: same effect, same answer. The terms that calls carry open it when it is first needed; see VariantStock.
 *
 * One alarm: the earlier of the next expiry and the next projection. Private members are `#`, since everything else on
 * the prototype can be called from outside.
 */
export class StockObject extends DurableObject<CatalogEnv> {
  readonly #storage: SqlStockStorage
  readonly #stock: VariantStock
  /** The time of the alarm: null when none is set, undefined when this instance does not know. */
  #alarmAt: Date | null | undefined

  constructor(ctx: DurableObjectState, env: CatalogEnv) {
    super(ctx, env)
    this.#storage = new SqlStockStorage(ctx.storage, variantIdOf(ctx.id))
    this.#stock = new VariantStock(this.#storage)
  }

  level(request: WithTerms) {
    return this.#change((now) => this.#stock.level(request, now))
  }

  /** The level and a page of movements, newest first; those before `before`, if given. */
  ledger({ terms, ...page }: { before?: number | undefined; limit: number } & WithTerms) {
    return this.#change((now) => {
      const level = this.#stock.level({ terms }, now)
      return isOfLostStock(level) ? level : { level, entries: this.#storage.ledger(page) }
    })
  }

  /** The level and the totals of ledger and holds, for comparison with the listing. */
  audit(request: WithTerms): Promise<StockAudit> {
    return this.#change((now) => {
      const known = this.#stock.level(request, now)
      const isLost = isOfLostStock(known)
      const level = isLost ? EMPTY_STOCK : known
      const totals = isOpen(level) ? this.#storage.totals() : { moved: level.onHand, held: 0 }
      return { level, ...totals, isListingDue: this.#storage.projection().dueAt !== null, isLost }
    })
  }

  /** The states of holds. */
  findHolds(request: { holdIds: string[] }) {
    return this.#change((now) => this.#stock.findHolds(request, now))
  }

  /** Reserves units until `expiresAt`. */
  hold(request: HoldRequest & WithTerms) {
    return this.#change((now) => this.#stock.hold(request, now))
  }

  /** Extends `expiresAt` of a live hold; never shortens it. */
  extend(request: ExtendRequest) {
    return this.#change((now) => this.#stock.extend(request, now))
  }

  /** Makes held units available again. An unknown id is recorded as released, so that its hold cannot follow. */
  release(request: { holdId: string }) {
    return this.#change((now) => this.#stock.release(request, now))
  }

  /** Sells held units. */
  commit(request: CommitRequest) {
    return this.#change((now) => this.#stock.commit(request, now))
  }

  /** Sells units of an expired hold from what is available; a refusal is final. */
  commitLate(request: CommitRequest & WithTerms) {
    return this.#change((now) => this.#stock.commitLate(request, now))
  }

  /** Reverses a sale; a later commit of the same hold is refused. */
  returnSale(request: { holdId: string }) {
    return this.#change((now) => this.#stock.returnSale(request, now))
  }

  /** Makes a hold, or a sale of it, smaller. */
  shrink(request: ShrinkRequest) {
    return this.#change((now) => this.#stock.shrink(request, now))
  }

  /** Adds or removes units, never below what is held unless the policy allows it. */
  adjust(request: AdjustRequest & WithTerms) {
    return this.#change((now) => this.#stock.adjust(request, now))
  }

  /** Sets the units that can be bought, if they are still what the writer saw. */
  setAvailable(request: SetAvailableRequest & WithTerms) {
    return this.#change((now) => this.#stock.setAvailable(request, now))
  }

  /** Many requests of one kind in one call, each decided as if it came alone. */
  batch<M extends BatchedMethod>(method: M, requests: BatchedRequests[M][]) {
    return this.#change((now) => this.#stock.batch(method, requests, now))
  }

  override alarm(): Promise<void> {
    return guarded('stock_alarm_failed', () => this.#doDue())
  }

  async #doDue(): Promise<void> {
    this.#alarmAt = null
    const isProjectionDue = this.#decide((now) => {
      this.#stock.expireHolds(now)
      this.#storage.deleteEndedHolds(now)
      return isDue(this.#storage.projection(), now)
    })
    if (!isProjectionDue) return this.#setAlarm()
    const written = this.#writeProjection()
    if (await endsWithin(PROJECTION_WAIT_MS, written)) return
    // No other alarm fires while this handler runs, and a slow Postgres must not delay an expiry. The projection stays
    // due until its success is known, so nothing is lost when this attempt is.
    await this.#change((now) => this.#storage.saveProjection(startAttempt(this.#storage.projection(), now)))
    this.ctx.waitUntil(guarded('stock_projection_lost', () => written))
  }

  async #change<T>(work: (now: Date) => T): Promise<T> {
    const answer = this.#decide(work)
    await this.#setAlarm()
    return answer
  }

  /**
   * Decides and writes with no await between, so that no other call can run between the read and the write: that makes
   * the check race-free. The alarm is set in the same turn, so it is stored together with the change.
   */
  #decide<T>(work: (now: Date) => T): T {
    const now = new Date()
    const before = this.#storage.level()
    try {
      return this.ctx.storage.transactionSync(() => {
        const decided = work(now)
        const after = this.#storage.level()
        // A sale of held units changes only the count of what was sold. What is open is listed once, so that its loss is
        // noticed.
        if (after.available !== before.available || isOpen(after) !== isOpen(before))
          this.#schedule(scheduleProjection, now)
        else if (after.sequence !== before.sequence) this.#schedule(scheduleSold, now)
        return decided
      })
    } catch (error) {
      this.#storage.clearCache()
      throw error
    }
  }

  #schedule(schedule: typeof scheduleProjection, now: Date): void {
    const projection = this.#storage.projection()
    const scheduled = schedule(projection, now)
    if (scheduled !== projection) this.#storage.saveProjection(scheduled)
  }

  async #setAlarm(): Promise<void> {
    const next = this.#storage.nextAlarm()
    // Also deleting an alarm is a write.
    if (next === null && !this.#storage.hasTables()) return
    if (next?.getTime() === this.#alarmAt?.getTime() && this.#alarmAt !== undefined) return
    this.#alarmAt = next
    await (next === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(next))
  }

  async #writeProjection(): Promise<void> {
    const { variantId } = this.#storage
    const { available, sequence } = this.#storage.level()
    const sold = this.#storage.sold()
    const low = this.#storage.unreportedLowStock()
    const isListed = await projectorsOf(this.env)(variantId)
      .project({ variantId, available, sequence, sold, low })
      .catch((error: unknown) => {
        log('warn', 'stock_projector_lost', { variantId, error })
        return false
      })
    await this.#change((now) => {
      const reported = low.at(-1)
      if (isListed && reported !== undefined) this.#storage.deleteLowStockUpTo(reported.sequence)
      const isCurrent = this.#storage.level().sequence === sequence && this.#storage.unreportedLowStock().length === 0
      const next = isListed ? attemptSucceeded(isCurrent, now) : attemptFailed(this.#storage.projection(), now)
      this.#storage.saveProjection(next)
    })
  }
}

/** Whether `work` ends in time; it goes on in any case. */
async function endsWithin(milliseconds: number, work: Promise<void>): Promise<boolean> {
  const tooSlow = new Error(`Not done in ${milliseconds} ms`)
  try {
    await withTimeout(work, milliseconds, () => tooSlow)
    return true
  } catch (error) {
    if (error === tooSlow) return false
    throw error
  }
}

/** @throws RangeError when the object was not addressed by a variant id: a bug of the caller */
function variantIdOf(id: DurableObjectId): number {
  const variantId = Number(id.name)
  if (!Number.isSafeInteger(variantId) || variantId < 1) throw new RangeError(`Not a variant: ${id.name}`)
  return variantId
}
