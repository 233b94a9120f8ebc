import type { EmailTaken, TooBusy, User } from '@shop/contracts'
import type { RateLimited } from '@shop/kernel'
import { ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { registrationCounters } from '../domain/counters.ts'
import type { Deps } from '../ports.ts'
import { newSession, type Session, toSession } from './session.ts'
import { type Limited, withinLimits } from './within-limits.ts'

type NewAccount = { email: string; password: string; name?: string | undefined }

/** Opens a customer's account and signs in, unless its limits are used up. Staff accounts are not made here. */
export function registerUser(
  deps: Deps,
  request: NewAccount & { address: string },
): Promise<Limited<Result<Session, EmailTaken | TooBusy | RateLimited | ServiceUnavailable>>> {
  return withinLimits(
    deps,
    registrationCounters(request),
    () => openAccount(deps, request),
    () => true,
  )
}

async function openAccount(deps: Deps, request: NewAccount): Promise<Result<Session, EmailTaken | TooBusy>> {
  const now = deps.now()
  const hashed = await deps.passwords.hash(request.password)
  if (!hashed.ok) return hashed
  const user: User = {
    id: deps.newUserId(),
    email: request.email,
    name: request.name ?? null,
    role: 'customer',
    createdAt: now,
  }
  const { refreshToken, row } = await newSession(deps, user.id, now)
  const saved = await deps.users.saveNewUser({ ...user, passwordHash: hashed.value }, row)
  return saved.ok ? ok(await toSession(deps, user, refreshToken, now)) : saved
}
