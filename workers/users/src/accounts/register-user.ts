import type { EmailTaken, TooBusy } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { provenBy } from '../factors/domain/proof.ts'
import { registrationCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type Session, type StartSessionDeps, startSession } from '../sessions/start-session.ts'
import type { User } from './domain/user.ts'

type NewAccount = { email: string; password: string; name?: string | undefined }
type RegisterDeps = StartSessionDeps & Pick<UsersDeps, 'accounts' | 'limits' | 'newUserId' | 'now' | 'passwords'>

/** Opens a customer's account and signs in, unless the limits of registrations are reached. Staff accounts are not made here. */
export function registerUser(
  deps: RegisterDeps,
  request: NewAccount & { address: string },
): Promise<Limited<Result<Session, EmailTaken | TooBusy | RateLimited | ServiceUnavailable>>> {
  return withinLimits(
    deps,
    registrationCounters(request),
    () => openAccount(deps, request),
    () => true,
  )
}

async function openAccount(
  deps: RegisterDeps,
  { email, password, name }: NewAccount,
): Promise<Result<Session, EmailTaken | TooBusy>> {
  const now = deps.now()
  const hashed = await deps.passwords.hash(password)
  if (!hashed.ok) return hashed
  const user: User = { id: deps.newUserId(), email, name: name ?? null, role: 'customer', createdAt: now }
  const account = { ...user, passwordHash: hashed.value }
  const proof = provenBy(['pwd'], now)
  return startSession(deps, user, { proof, now }, (token) => deps.accounts.insert(account, token))
}
