import type { EventLog } from '@shop/contracts/events/log'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { newId } from '@shop/http/ids'
import { objectsIn } from '@shop/http/objects'
import { wakeMails } from '@shop/http/wake'
import type { ApiKeyId, AuditEntryId, InvitationId, UserId } from '@shop/kernel/ids'
import { isCommonPassword } from '@shop/passwords/common'
import { SHOP } from '@shop/settings/shop'
import { type AccountRepository, accountRepository } from './accounts/repository/index.ts'
import { type AddressRepository, addressRepository } from './addresses/repository/index.ts'
import { type ApiKeyRepository, apiKeyRepository } from './api-keys/repository.ts'
import { type AuditRepository, auditRepository } from './audit/repository.ts'
import { type EmailRepository, emailRepository } from './emails/repository.ts'
import { UsersSettings } from './env.ts'
import { type MailAddressRepository, mailAddressRepository } from './events/repository.ts'
import { creationKeyRepository } from './idempotency/repository.ts'
import { type AttemptLimits, createAttemptLimits } from './limits/internal/attempt-limits.ts'
import type { CounterStore } from './limits/internal/counter-store.ts'
import { objectCounters } from './limits/internal/object-counters.ts'
import { redisCounters } from './limits/internal/redis-counters.ts'
import { type BreachedPasswords, breachedPasswords } from './passwords/breached-passwords.ts'
import { type PasswordRules, shopNamesOf } from './passwords/domain/password-rules.ts'
import { createPasswords, type Passwords } from './passwords/passwords.ts'
import { type PasswordHashRepository, passwordHashRepository } from './passwords/repository.ts'
import type { SessionId } from './sessions/domain/refresh-token.ts'
import { createRefreshTokens, type RefreshTokens } from './sessions/internal/refresh-tokens.ts'
import { createSigner, publicKeys, type Signer } from './sessions/internal/signing-keys.ts'
import { type SessionRepository, sessionRepository } from './sessions/repository.ts'
import { createInvitationTokens, type InvitationTokens } from './staff/internal/invitation-tokens.ts'
import { type InvitationRepository, invitationRepository } from './staff/repository/invitations.ts'
import { type RoleRepository, roleRepository } from './staff/repository/roles.ts'
import { type AccountTokens, accountTokens } from './tokens/account-tokens.ts'
import { type AccountTokenRepository, accountTokenRepository } from './tokens/repository/index.ts'

/** Everything the entry points and routes of this worker use. */
export type UsersDeps = {
  accounts: AccountRepository
  addresses: AddressRepository
  creationKeys: ReturnType<typeof creationKeyRepository>
  emails: EmailRepository
  passwordHashes: PasswordHashRepository
  accountTokenRows: AccountTokenRepository
  mailAddresses: MailAddressRepository
  sessions: SessionRepository
  invitations: InvitationRepository
  invitationTokens: InvitationTokens
  roles: RoleRepository
  audit: AuditRepository
  apiKeys: ApiKeyRepository
  /** Ends every access of an account. */
  endSessions(of: { userId: UserId }): Promise<void>
  events: EventLog
  limits: AttemptLimits
  passwords: Passwords
  passwordRules: PasswordRules
  /** Absent in a shop that asks nobody. */
  breachedPasswords?: BreachedPasswords | undefined
  accountTokens: AccountTokens
  refreshTokens: RefreshTokens
  signAccessToken: Signer
  publicKeys: ReturnType<typeof publicKeys>
  issuer: string
  audience: string
  newId: typeof newId
  newUserId(): UserId
  newSessionId(): SessionId
  newTokenId(): string
  newInvitationId(): InvitationId
  newAuditEntryId(): AuditEntryId
  newApiKeyId(): ApiKeyId
  /** Of an API key: 24 random bytes. */
  newKeyBytes(): Uint8Array
  now(): Date
  /** Notifies the mailer that it has events to pull. The message may be lost, since its sweep pulls too. */
  wakeMails: () => Promise<void>
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
  const [signingKey, ...previousKeys] = keys
  const sessions = sessionRepository(db)
  return {
    accounts: accountRepository(db),
    addresses: addressRepository(db),
    creationKeys: creationKeyRepository(db),
    emails: emailRepository(db),
    passwordHashes: passwordHashRepository(db),
    accountTokenRows: accountTokenRepository(db),
    mailAddresses: mailAddressRepository(db),
    sessions,
    invitations: invitationRepository(db),
    invitationTokens: createInvitationTokens([signingKey.d, ...previousKeys.flatMap(({ d }) => d ?? [])]),
    roles: roleRepository(db),
    audit: auditRepository(db),
    apiKeys: apiKeyRepository(db),
    endSessions: ({ userId }) => sessions.endOfUser(userId, now()),
    events: eventLog(db, usersEvents),
    limits: createAttemptLimits({
      redis: redisOf(settings),
      objects: objectCounters(objectsIn(env.LIMITER, settings)),
      raised: settings.ADDRESS_LIMITS === 'raised',
    }),
    passwords: createPasswords(now),
    passwordRules: {
      minimumLength: settings.PASSWORD_MIN_LENGTH,
      shopNames: shopNamesOf(SHOP.legalName),
      isCommon: isCommonPassword,
    },
    breachedPasswords:
      settings.PASSWORD_BREACH_CHECK === '' ? undefined : breachedPasswords(settings.PASSWORD_BREACH_CHECK),
    accountTokens: accountTokens({ secret: settings.ACCOUNT_TOKEN_SECRET, newId: () => crypto.randomUUID() }),
    refreshTokens: createRefreshTokens({
      secret: signingKey.d,
      newBytes: () => crypto.getRandomValues(new Uint8Array(32)),
    }),
    signAccessToken: createSigner(signingKey),
    publicKeys: publicKeys(keys),
    issuer: settings.TOKEN_ISSUER,
    audience: settings.TOKEN_AUDIENCE,
    newId,
    newUserId: () => newId('user'),
    newSessionId: () => newId('session'),
    newTokenId: () => crypto.randomUUID(),
    newInvitationId: () => newId('invitation'),
    newAuditEntryId: () => newId('auditEntry'),
    newApiKeyId: () => newId('apiKey'),
    newKeyBytes: () => crypto.getRandomValues(new Uint8Array(24)),
    now,
    wakeMails: () => wakeMails(env.MAIL_EVENTS),
  }
})

function redisOf(settings: UsersSettings): CounterStore | undefined {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, LIMITS_REDIS_TIMEOUT_MS: timeoutMs } = settings
  return url === '' ? undefined : redisCounters({ url, token, timeoutMs })
}
