import type { SweepTask } from '@shop/contracts/service'
import { sweeperObject } from '../../src/sweep/sweeper-object.ts'

/** What the sweepers do, by name. A test has a sweeper of its own. */
export const tasksOfTests = new Map<string, () => SweepTask[]>()

export class Sweeper extends sweeperObject({
  service: 'test',
  tasksOf: (_: object, name) => tasksOfTests.get(name)?.() ?? [],
}) {}

/** Never called. @public */
export default { fetch: () => new Response(null, { status: 404 }) }
