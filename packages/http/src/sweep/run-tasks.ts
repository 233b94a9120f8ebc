import { CALLS_PER_BATCH, type SweepReport, type SweepTask } from '@shop/contracts/service'
import { CALLS_WARNED } from '../invocation.ts'

/** A task that has something to do, and where it continues. */
export type OpenTask = { name: string; from?: string | undefined }

export type TasksRun = {
  /** The tasks that have more to do, in the order in which they continue. */
  left: OpenTask[]
  report: SweepReport
}

/** With more calls than this, another batch could exceed what an invocation may make. */
const CALLS_BEFORE_BATCH = CALLS_WARNED - 1 - CALLS_PER_BATCH
/** After these a task lets the others go on, so that a backlog of one starves none. */
const BATCHES_IN_A_ROW = 4

type Limits = {
  /** Calls over service bindings that this invocation has made. */
  callsMade(): number
  now(): Date
  /** No batch begins after this, but for the first. */
  until: Date
  warn(event: string, fields: Record<string, unknown>): void
}

/**
 * Works through open tasks, batch by batch, as far as one invocation may. A task that fails is logged and left to the next
 * sweep; it does not stop the others.
 */
export async function runTasks(tasks: SweepTask[], open: readonly OpenTask[], limits: Limits): Promise<TasksRun> {
  const report: SweepReport = {}
  const unfinished: OpenTask[] = []
  let isFirst = true
  for (const [index, { name, from }] of open.entries()) {
    const task = tasks.find((one) => one.name === name)
    // An older version of the worker had it.
    if (task === undefined) continue
    let position = from
    for (let batches = 0; ; batches += 1) {
      if (batches === BATCHES_IN_A_ROW) {
        unfinished.push({ name, from: position })
        break
      }
      if (!isFirst && isSpent(limits)) {
        const current = { name, from: position }
        const untried = open.slice(index + 1)
        return {
          left: batches === 0 ? [current, ...untried, ...unfinished] : [...untried, ...unfinished, current],
          report,
        }
      }
      isFirst = false
      const batch = await batchOf(task, position, limits)
      report[name] = (report[name] ?? 0) + batch.done
      if (batch.next === undefined) break
      position = batch.next
    }
  }
  return { left: unfinished, report }
}

const isSpent = ({ callsMade, now, until }: Limits) => callsMade() > CALLS_BEFORE_BATCH || now() >= until

async function batchOf(task: SweepTask, from: string | undefined, { warn }: Limits) {
  try {
    return await task.work(from)
  } catch (error) {
    warn('sweep_failed', { task: task.name, error })
    return { done: 0 }
  }
}
