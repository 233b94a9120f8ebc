import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { Consumer } from '@shop/contracts/events/define'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** Events that are due for a consumer. */
export async function pullEvents(
  deps: Pick<UsersDeps, 'events' | 'now'>,
  { consumer, limit }: { consumer: Consumer; limit: number },
): Promise<Result<ShopEvent[], never>> {
  return ok(await deps.events.pull({ consumer, limit, now: deps.now() }))
}
