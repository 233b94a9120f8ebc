import { DurableObject } from 'cloudflare:workers'
import type { SweepReport, SweepRequest, SweepTask } from '@shop/contracts/service'
import { guarded } from '../guard.ts'
import { callCount } from '../invocation.ts'
import { log } from '../log.ts'
import { type OpenTask, runTasks } from './run-tasks.ts'

/** An invocation begins no batch after this time; the alarm continues in another one. */
const INVOCATION_SECONDS = 20

/** A sweep that has begun: what is left of it, and what it has done. */
type Sweep = { open: OpenTask[]; report: SweepReport }
const SWEEP = 'sweep'
/** Set when the sweeper was woken during a sweep, which may have passed what has become due since. */
const AGAIN = 'again'

type Waiter = PromiseWithResolvers<SweepReport>

/**
 * The class of a worker's sweeper: one Durable Object whose alarm does the due work. The platform runs one alarm of an
 * object at a time, so no two sweeps run at once; each alarm is an invocation of its own, with all the calls that one may
 * make; and unlike a cron, which runs anywhere, the object is near the database.
 *
 * Its state survives a crash: the platform repeats an alarm that did not end.
 *
 * @param options.tasksOf the tasks of a sweeper, by its name
 */
export function sweeperObject<Env>({
  service,
  tasksOf,
}: {
  service: string
  tasksOf: (env: Env, name: string) => SweepTask[]
}) {
  return class SweeperObject extends DurableObject<Env> {
    #isRunning = false
    /** Callers that wait for the sweep that runs, and for the one after it. */
    #waiting: Waiter[] = []
    #waitingForNext: Waiter[] = []

    async sweep({ delaySeconds = 0, waits = false }: SweepRequest = {}): Promise<SweepReport> {
      const waiter = Promise.withResolvers<SweepReport>()
      if (waits) this.#waitingForNext.push(waiter)
      else waiter.resolve({})
      await this.#wake(new Date(Date.now() + delaySeconds * 1_000))
      return waiter.promise
    }

    override async alarm(): Promise<void> {
      this.#isRunning = true
      try {
        await guarded('sweep_failed', () => this.#continue())
      } catch (error) {
        for (const waiter of [...this.#waiting, ...this.#waitingForNext]) waiter.reject(error)
        this.#waiting = []
        this.#waitingForNext = []
        throw error
      } finally {
        this.#isRunning = false
      }
    }

    /** Sets the alarm, unless it comes earlier. While a sweep runs, its end sets the alarm. */
    async #wake(at: Date): Promise<void> {
      const { kv } = this.ctx.storage
      if (this.#isRunning || kv.get(SWEEP) !== undefined) kv.put(AGAIN, true)
      if (this.#isRunning) return
      const known = await this.ctx.storage.getAlarm()
      if (known === null || known > at.getTime()) await this.ctx.storage.setAlarm(at)
    }

    async #continue(): Promise<void> {
      const { kv } = this.ctx.storage
      const tasks = tasksOf(this.env, this.ctx.id.name ?? '')
      const sweep = kv.get<Sweep>(SWEEP) ?? this.#begin(tasks)
      const { left, report } = await runTasks(tasks, sweep.open, {
        callsMade: () => callCount().calls,
        now: () => new Date(),
        until: new Date(Date.now() + INVOCATION_SECONDS * 1_000),
        warn: (event, fields) => log('warn', event, { service, ...fields }),
      })
      const done = sum(sweep.report, report)
      if (left.length > 0) {
        kv.put(SWEEP, { open: left, report: done } satisfies Sweep)
        return this.ctx.storage.setAlarm(Date.now())
      }
      return this.#end(done)
    }

    #begin(tasks: SweepTask[]): Sweep {
      const { kv } = this.ctx.storage
      const sweep = { open: tasks.map(({ name }) => ({ name })), report: {} }
      kv.put(SWEEP, sweep)
      kv.delete(AGAIN)
      this.#waiting = this.#waitingForNext
      this.#waitingForNext = []
      return sweep
    }

    async #end(report: SweepReport): Promise<void> {
      const { kv } = this.ctx.storage
      kv.delete(SWEEP)
      if (Object.values(report).some((count) => count > 0)) log('info', 'swept', { service, report })
      for (const waiter of this.#waiting) waiter.resolve(report)
      this.#waiting = []
      // From here on a call sets the alarm itself: none between this line and the end is lost.
      this.#isRunning = false
      if (kv.get(AGAIN) !== undefined) await this.ctx.storage.setAlarm(Date.now())
    }
  }
}

function sum(one: SweepReport, other: SweepReport): SweepReport {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}
