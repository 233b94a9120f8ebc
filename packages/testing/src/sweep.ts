import type { SweepReport, SweepTask } from '@shop/contracts/service'
import { type OpenTask, runTasks } from '@shop/http/sweep/run-tasks'

/** Works through tasks to their end, as a sweeper does, without a limit to time or calls. */
export async function sweepAll(
  tasks: SweepTask[],
  warn: (event: string, fields: Record<string, unknown>) => void = () => {},
): Promise<SweepReport> {
  const total: SweepReport = {}
  const now = new Date()
  let open: OpenTask[] = tasks.map(({ name }) => ({ name }))
  while (open.length > 0) {
    const limits = { callsMade: () => 0, now: () => now, until: new Date(now.getTime() + 1), warn }
    const { left, report } = await runTasks(tasks, open, limits)
    for (const [name, count] of Object.entries(report)) total[name] = (total[name] ?? 0) + count
    open = left
  }
  return total
}
