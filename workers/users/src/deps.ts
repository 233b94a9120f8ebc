import { connect, type Db, pingDatabase } from '@shop/db'
import * as repository from '@shop/db/repositories/users/index'
import { databaseFetch, newId, oncePerEnv, parseEnv } from '@shop/http'
import type { z } from 'zod'
import { UsersEnvSchema } from './env.ts'
import type { CounterStore } from './limits/counter-store.ts'
import { createLimits } from './limits/limits.ts'
import { objectStore } from './limits/object-store.ts'
import { redisStore } from './limits/redis-store.ts'
import { createPasswords } from './passwords.ts'
import type { Deps, UserStore } from './ports.ts'
import { createRefreshTokens } from './refresh-tokens.ts'
import { createSigner, type FormerKey, type PrivateKey, publicKeys } from './signing-keys.ts'

/** What the worker's routes may use beyond the operations' own needs. */
export type UsersDeps = Deps & { publicKeys: ReturnType<typeof publicKeys> }

/** Everything the worker needs, made once per isolate. */
export const usersDeps: (env: UsersEnv) => UsersDeps = oncePerEnv((env) => {
  const settings = parseEnv(UsersEnvSchema, env)
  const db = connect({
    connectionString: settings.USERS_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  const now = () => new Date()
  return {
    users: userStore(db),
    limits: createLimits({
      redis: redisOf(settings),
      objects: objectStore(env.LIMITER),
      raised: settings.ADDRESS_LIMITS === 'raised',
    }),
    passwords: createPasswords(now),
    issuer: settings.TOKEN_ISSUER,
    audience: settings.TOKEN_AUDIENCE,
    ...tokens(settings.TOKEN_SIGNING_KEYS),
    newUserId: () => newId('user'),
    newSessionId: () => newId('session'),
    newTokenId: () => crypto.randomUUID(),
    now,
    pingDatabase: () => pingDatabase(db),
  }
})

function redisOf(settings: z.infer<typeof UsersEnvSchema>): CounterStore | null {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, LIMITS_REDIS_TIMEOUT_MS: timeoutMs } = settings
  return url === '' ? null : redisStore({ url, token, timeoutMs })
}

function tokens(keys: [PrivateKey, ...FormerKey[]]) {
  const [signing] = keys
  return {
    refreshTokens: createRefreshTokens(signing.d),
    signAccessToken: createSigner(signing),
    publicKeys: publicKeys(keys),
  }
}

function userStore(db: Db): UserStore {
  return {
    saveNewUser: (user, token) => repository.saveNewUser(db, user, token),
    findUserByEmail: (email) => repository.findUserByEmail(db, email),
    findUser: (id) => repository.findUser(db, id),
    saveRefreshToken: (token) => repository.saveRefreshToken(db, token),
    rotateRefreshToken: (rotation) => repository.rotateRefreshToken(db, rotation),
    findSpentRefreshToken: (token) => repository.findSpentRefreshToken(db, token),
    endSession: (sessionId, now) => repository.endSession(db, sessionId, now),
    endSessionOfToken: (tokenHash, now) => repository.endSessionOfToken(db, tokenHash, now),
    pruneRefreshTokens: (before) => repository.pruneRefreshTokens(db, before),
  }
}
