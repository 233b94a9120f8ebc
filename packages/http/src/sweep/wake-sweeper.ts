import type { SweepReport, SweepRequest } from '@shop/contracts/service'
import { parseEnv } from '../env.ts'
import { guarded } from '../guard.ts'
import { ObjectSettings, objectsIn } from '../objects.ts'
import type { sweeperObject } from './sweeper-object.ts'

type Sweeper = InstanceType<ReturnType<typeof sweeperObject<object>>>

/** Wakes a sweeper of the worker, by its name: one call, which sets its alarm. */
export function wakeSweeper(
  env: { SWEEPER: DurableObjectNamespace<Sweeper> },
  name: string,
  request?: SweepRequest,
): Promise<SweepReport> {
  return guarded('sweeper_lost', async () => {
    const sweepers = objectsIn(env.SWEEPER, parseEnv(ObjectSettings, env))
    return sweepers(name).sweep(request)
  })
}
