import type { Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { callerOf } from './domain/api-key.ts'

/** Whom a key stands for; undefined for one that is unknown, expired or revoked. */
export async function callerOfKey(
  { apiKeys, now }: Pick<UsersDeps, 'apiKeys' | 'now'>,
  keyHash: string,
): Promise<Result<Caller | undefined, never>> {
  const used = await apiKeys.use(keyHash, now())
  return ok(used && callerOf(used.key, used.makerRole))
}
