import type { EventLog } from '@shop/contracts/events/log'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { newId } from '@shop/http/ids'
import { objectsIn } from '@shop/http/objects'
import { base64url } from '@shop/kernel/hash'
import type { FactorId, SessionId, UserId } from '@shop/kernel/ids'
import { SHOP } from '@shop/settings/shop'
import { type AccountRepository, accountRepository } from './accounts/repository/index.ts'
import { UsersSettings } from './env.ts'
import { type Challenges, createChallenges } from './factors/internal/challenges.ts'
import { createPasskeys, type Passkeys } from './factors/internal/passkeys.ts'
import { createSealer, type Sealer } from './factors/internal/sealer.ts'
import { type FactorRepositories, factorRepositories } from './factors/repository/index.ts'
import { type AttemptLimits, createAttemptLimits } from './limits/internal/attempt-limits.ts'
import type { CounterStore } from './limits/internal/counter-store.ts'
import { objectCounters } from './limits/internal/object-counters.ts'
import { redisCounters } from './limits/internal/redis-counters.ts'
import { createPasswords, type Passwords } from './passwords/passwords.ts'
import { createRefreshTokens, type RefreshTokens } from './sessions/internal/refresh-tokens.ts'
import { createSigner, publicKeys, type Signer } from './sessions/internal/signing-keys.ts'
import { type SessionRepository, sessionRepository } from './sessions/repository.ts'

/** Everything the entry points and routes of this worker use. */
export type UsersDeps = FactorRepositories & {
  accounts: AccountRepository
  sessions: SessionRepository
  events: EventLog
  limits: AttemptLimits
  passwords: Passwords
  refreshTokens: RefreshTokens
  passkeys: Passkeys
  challenges: Challenges
  sealer: Sealer
  signAccessToken: Signer
  publicKeys: ReturnType<typeof publicKeys>
  issuer: string
  audience: string
  newUserId(): UserId
  newSessionId(): SessionId
  newTokenId(): string
  newFactorId(): FactorId
  /** Of a sign-in that waits for its second factor: 256 random bits. */
  newMfaToken(): string
  randomBytes(length: number): Uint8Array<ArrayBuffer>
  /** As authenticator apps and passkeys show it. */
  shopName: string
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
  const keys = settings.TOKEN_SIGNING_KEYS
  const [signingKey] = keys
  const { FACTOR_SECRET: secret, FACTOR_SECRET_NEXT: next } = settings
  const factorSecrets: [string, ...string[]] = next === undefined ? [secret] : [next, secret]
  return {
    ...factorRepositories(db),
    accounts: accountRepository(db),
    sessions: sessionRepository(db),
    events: eventLog(db, usersEvents),
    limits: createAttemptLimits({
      redis: redisOf(settings),
      objects: objectCounters(objectsIn(env.LIMITER, settings)),
      raised: settings.ADDRESS_LIMITS === 'raised',
    }),
    passwords: createPasswords(now),
    refreshTokens: createRefreshTokens({
      secret: signingKey.d,
      newBytes: () => randomBytes(32),
    }),
    passkeys: createPasskeys({ name: SHOP.legalName, id: settings.RP_ID, origins: [...settings.RP_ORIGINS] }),
    challenges: createChallenges(factorSecrets),
    sealer: createSealer(factorSecrets),
    signAccessToken: createSigner(signingKey),
    publicKeys: publicKeys(keys),
    issuer: settings.TOKEN_ISSUER,
    audience: settings.TOKEN_AUDIENCE,
    newUserId: () => newId('user'),
    newSessionId: () => newId('session'),
    newTokenId: () => crypto.randomUUID(),
    newFactorId: () => newId('factor'),
    newMfaToken: () => base64url(randomBytes(32)),
    randomBytes,
    shopName: SHOP.legalName,
    now,
  }
})

const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))

function redisOf(settings: UsersSettings): CounterStore | undefined {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, LIMITS_REDIS_TIMEOUT_MS: timeoutMs } = settings
  return url === '' ? undefined : redisCounters({ url, token, timeoutMs })
}
