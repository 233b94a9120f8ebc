import type { EventLog } from '@shop/contracts/events/log'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { newId } from '@shop/http/ids'
import { objectsIn } from '@shop/http/objects'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { type AccountRepository, accountRepository } from './accounts/repository/index.ts'
import { UsersSettings } from './env.ts'
import { type AttemptLimits, createAttemptLimits } from './limits/internal/attempt-limits.ts'
import { objectCounters } from './limits/internal/object-counters.ts'
import { type SignInGuard, signInGuard } from './limits/internal/sign-in-guard.ts'
import { createPasswords, type Passwords } from './passwords/passwords.ts'
import { inSigningOrder } from './sessions/domain/signing-keys.ts'
import { createRefreshTokens, type RefreshTokens } from './sessions/internal/refresh-tokens.ts'
import { type RevocationClient, revocationClient } from './sessions/internal/revocations.ts'
import { createSigner, publicKeys, type Signer } from './sessions/internal/signing-keys.ts'
import { type SessionRepository, sessionRepository } from './sessions/repository/index.ts'

/** Everything the entry points and routes of this worker use. */
export type UsersDeps = {
  accounts: AccountRepository
  sessions: SessionRepository
  events: EventLog
  limits: AttemptLimits
  signIns: SignInGuard
  revocations: RevocationClient
  passwords: Passwords
  refreshTokens: RefreshTokens
  signAccessToken: Signer
  publicKeys(): ReturnType<typeof publicKeys>
  issuer: string
  audience: string
  newUserId(): UserId
  newSessionId(): SessionId
  newTokenId(): string
  now(): Date
}

export type UsersApp = ShopApp<UsersEnv, UsersDeps>

/** The dependencies, made once per isolate. */
export const usersDeps: (env: UsersEnv) => UsersDeps = oncePerEnv((env) => {
  const settings = parseEnv(UsersSettings, env)
  const db = connect({
    connectionString: settings.USERS_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  const now = () => new Date()
  const keys = [...settings.TOKEN_SIGNING_KEYS, ...(settings.TOKEN_SIGNING_KEYS_NEXT ?? [])]
  const raised = settings.ADDRESS_LIMITS === 'raised'
  return {
    accounts: accountRepository(db),
    sessions: sessionRepository(db),
    events: eventLog(db, usersEvents),
    limits: createAttemptLimits({
      objects: objectCounters(objectsIn(env.LIMITER, settings)),
      raised,
    }),
    signIns: signInGuard({
      objects: objectsIn(env.SIGN_INS, settings),
      raised,
      newAttemptId: () => crypto.randomUUID(),
    }),
    revocations: revocationClient(objectsIn(env.REVOCATIONS, settings)),
    passwords: createPasswords(now),
    refreshTokens: createRefreshTokens({
      secrets: () => inSigningOrder(keys, now()).flatMap(({ d }) => d ?? []),
      newBytes: () => crypto.getRandomValues(new Uint8Array(32)),
    }),
    signAccessToken: createSigner(keys, now),
    publicKeys: () => publicKeys(keys, now()),
    issuer: settings.TOKEN_ISSUER,
    audience: settings.TOKEN_AUDIENCE,
    newUserId: () => newId('user'),
    newSessionId: () => newId('session'),
    newTokenId: () => crypto.randomUUID(),
    now,
  }
})
