import { EXPORTED_AT_MOST } from '@shop/contracts/users/export'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import type { UserId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UserRecord } from '../accounts/domain/user.ts'
import type { CustomerAddress } from '../addresses/domain/customer-address.ts'
import type { ApiKey } from '../api-keys/domain/api-key.ts'
import type { UsersDeps } from '../deps.ts'
import type { Factor } from '../factors/domain/factor.ts'
import type { CustomerGroup } from '../groups/domain/customer-group.ts'
import { exportCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import type { CustomerNote } from '../notes/domain/customer-note.ts'
import type { UserSession } from '../sessions/domain/user-session.ts'

/** Everything that users has of an account, except secrets and hashes. What staff keep about it is included. */
export type KnownAccount = {
  user: UserRecord
  addresses: CustomerAddress[]
  sessions: (UserSession & { isCurrent: boolean })[]
  hasMoreSessions: boolean
  factors: Factor[]
  apiKeys: ApiKey[]
  groups: CustomerGroup[]
  notes: CustomerNote[]
  hasMoreNotes: boolean
}
type ExportFailure = AuthenticationRequired | StepUpRequired | RateLimited | ServiceUnavailable
type ReadDeps = Pick<
  UsersDeps,
  'accounts' | 'addresses' | 'apiKeys' | 'customerGroups' | 'customerNotes' | 'factors' | 'now' | 'sessions'
>

/** Reads what users has of the caller. A stolen session must not take all of it away, so the proof has to be recent. */
export async function exportAccount(
  deps: ReadDeps & Pick<UsersDeps, 'limits'>,
  caller: Caller,
): Promise<Limited<Result<KnownAccount, ExportFailure>>> {
  const proven = requireRecentProof(caller, deps.now())
  if (!proven.ok) return { ...proven, limits: [] }
  const { userId, sessionId } = proven.value
  const read = async () => {
    const known = await readAccount(deps, userId)
    if (known === undefined) return fail({ code: 'authentication_required' } as const)
    const sessions = known.sessions.map((session) => ({ ...session, isCurrent: session.id === sessionId }))
    return ok({ ...known, sessions })
  }
  return withinLimits(deps, exportCounters(userId), read, () => false)
}

async function readAccount(deps: ReadDeps, userId: UserId) {
  const limit = EXPORTED_AT_MOST + 1
  const [user, addresses, sessions, { factors }, apiKeys, groups, notes] = await Promise.all([
    deps.accounts.findRecord(userId),
    deps.addresses.list(userId),
    deps.sessions.list({ userId, limit, now: deps.now() }),
    deps.factors.list(userId),
    deps.apiKeys.listOf(userId),
    deps.customerGroups.ofUser(userId),
    deps.customerNotes.list({ userId, before: undefined, limit }),
  ])
  if (user === undefined) return undefined
  return {
    ...{ user, addresses, factors, apiKeys, groups },
    ...{ sessions: sessions.slice(0, EXPORTED_AT_MOST), hasMoreSessions: sessions.length > EXPORTED_AT_MOST },
    ...{ notes: notes.slice(0, EXPORTED_AT_MOST), hasMoreNotes: notes.length > EXPORTED_AT_MOST },
  }
}
