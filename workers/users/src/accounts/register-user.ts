import type { EmailTaken, InvalidPassword, TooBusy } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { provenBy } from '../factors/domain/proof.ts'
import { registrationCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type CheckPasswordDeps, checkNewPassword, judgeNewPassword } from '../passwords/check-new-password.ts'
import { type Client, type Session, type StartSessionDeps, startSession } from '../sessions/start-session.ts'
import type { User } from './domain/user.ts'

type NewAccount = {
  email: string
  password: string
  name?: string | undefined
  locale?: string | undefined
  client: Client
}
type RegisterFailure = EmailTaken | InvalidPassword | TooBusy
type RegisterDeps = StartSessionDeps &
  CheckPasswordDeps &
  Pick<UsersDeps, 'accounts' | 'accountTokens' | 'limits' | 'newUserId' | 'now' | 'passwords' | 'signIns' | 'wakeMails'>

/**
 * Opens a customer's account, signs in and has a mail sent that verifies the address, unless the limits of registrations are
 * reached. Staff accounts are not made here.
 */
export async function registerUser(
  deps: RegisterDeps,
  request: NewAccount & { address: string },
): Promise<Limited<Result<Session, RegisterFailure | RateLimited | ServiceUnavailable>>> {
  // Not counted, so that nobody is refused an account for choosing passwords that do not do.
  const judged = judgeNewPassword(deps, chosenBy(request))
  if (!judged.ok) return { ...judged, limits: [] }
  return withinLimits(
    deps,
    registrationCounters(request),
    () => openAccount(deps, request),
    () => true,
  )
}

const chosenBy = ({ email, password }: NewAccount) => ({ password, field: 'password', email })

async function openAccount(deps: RegisterDeps, account: NewAccount): Promise<Result<Session, RegisterFailure>> {
  const now = deps.now()
  const accepted = await checkNewPassword(deps, chosenBy(account))
  if (!accepted.ok) return accepted
  const { email, password, name, locale, client } = account
  const hashed = await deps.passwords.hash(password)
  if (!hashed.ok) return hashed
  const user: User = {
    ...{ id: deps.newUserId(), email, emailVerified: false, name: name ?? null, locale: locale ?? null },
    ...{ phone: null, marketingConsent: false, role: 'customer', createdAt: now, version: 1 },
  }
  const verification = await deps.accountTokens.make(now)
  const proof = provenBy(['pwd'], now)
  const started = await startSession(deps, user, { client, proof, now }, (session) =>
    deps.accounts.insert({ ...user, passwordHash: hashed.value }, { session, verification }),
  )
  if (!started.ok) return started
  await deps.wakeMails()
  // Not the account's fate: a device that is not remembered is remembered at its next sign-in.
  if (client.deviceId !== undefined) await deps.signIns.remember({ email, deviceId: client.deviceId })
  return started
}
