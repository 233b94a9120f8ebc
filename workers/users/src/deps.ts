import type { EventLog } from '@shop/contracts/events/log'
import type { DeliveredUsersEvent, UsersEventsReceiver, UsersEventsRpc } from '@shop/contracts/users/delivered-events'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { newId } from '@shop/http/ids'
import { log } from '@shop/http/log'
import { objectsIn } from '@shop/http/objects'
import { traced } from '@shop/http/rpc'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { wakeMails, wakeWebhooks } from '@shop/http/wake'
import type { WakesWebhooks } from '@shop/http/wake-after-writes'
import { base64url } from '@shop/kernel/hash'
import type { ApiKeyId, AuditEntryId, FactorId, InvitationId, SessionId, UserId } from '@shop/kernel/ids'
import { createSealer, type Sealer } from '@shop/kernel/sealer'
import { isCommonPassword } from '@shop/passwords/common'
import { SHOP } from '@shop/settings/shop'
import { type AccountRepository, accountRepository } from './accounts/repository/index.ts'
import { type AddressRepository, addressRepository } from './addresses/repository/index.ts'
import { createKeyTexts, type KeyTexts } from './api-keys/internal/key-texts.ts'
import { type ApiKeyRepository, apiKeyRepository } from './api-keys/repository.ts'
import { type AuditRepository, auditRepository } from './audit/repository.ts'
import { type EmailRepository, emailRepository } from './emails/repository.ts'
import { UsersSettings } from './env.ts'
import { type MailAddressRepository, mailAddressRepository } from './events/repository.ts'
import { type Challenges, createChallenges } from './factors/internal/challenges.ts'
import { createPasskeys, type Passkeys } from './factors/internal/passkeys.ts'
import { type FactorRepositories, factorRepositories } from './factors/repository/index.ts'
import { type CustomerGroupRepository, customerGroupRepository } from './groups/repository/index.ts'
import { creationKeyRepository } from './idempotency/repository.ts'
import { type AttemptLimits, createAttemptLimits } from './limits/internal/attempt-limits.ts'
import { objectCounters } from './limits/internal/object-counters.ts'
import { type SignInGuard, signInGuard } from './limits/internal/sign-in-guard.ts'
import { type CustomerNoteRepository, customerNoteRepository } from './notes/repository.ts'
import { type BreachedPasswords, breachedPasswords } from './passwords/breached-passwords.ts'
import { type PasswordRules, shopNamesOf } from './passwords/domain/password-rules.ts'
import { createPasswords, type Passwords } from './passwords/passwords.ts'
import { type PasswordHashRepository, passwordHashRepository } from './passwords/repository.ts'
import { type ErasureRepository, erasureRepository } from './privacy/repository.ts'
import { inSigningOrder } from './sessions/domain/signing-keys.ts'
import { createRefreshTokens, type RefreshTokens } from './sessions/internal/refresh-tokens.ts'
import { type RevocationClient, revocationClient } from './sessions/internal/revocations.ts'
import { createSigner, publicKeys, type Signer } from './sessions/internal/signing-keys.ts'
import { type SessionRepository, sessionRepository } from './sessions/repository/index.ts'
import { createInvitationTokens, type InvitationTokens } from './staff/internal/invitation-tokens.ts'
import { type InvitationRepository, invitationRepository } from './staff/repository/invitations.ts'
import { type RoleRepository, roleRepository } from './staff/repository/roles.ts'
import { type AccountTokens, accountTokens } from './tokens/account-tokens.ts'
import { type AccountTokenRepository, accountTokenRepository } from './tokens/repository/index.ts'

/** Everything the entry points and routes of this worker use. */
export type UsersDeps = FactorRepositories &
  WakesWebhooks & {
    accounts: AccountRepository
    addresses: AddressRepository
    customerGroups: CustomerGroupRepository
    customerNotes: CustomerNoteRepository
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
    keyTexts: KeyTexts
    erasures: ErasureRepository
    events: EventLog
    limits: AttemptLimits
    signIns: SignInGuard
    revocations: RevocationClient
    passwords: Passwords
    passwordRules: PasswordRules
    /** Absent in a shop that asks nobody. */
    breachedPasswords?: BreachedPasswords | undefined
    accountTokens: AccountTokens
    refreshTokens: RefreshTokens
    passkeys: Passkeys
    challenges: Challenges
    sealer: Sealer
    signAccessToken: Signer
    publicKeys(): ReturnType<typeof publicKeys>
    issuer: string
    audience: string
    newId: typeof newId
    newUserId(): UserId
    newSessionId(): SessionId
    newTokenId(): string
    newInvitationId(): InvitationId
    newAuditEntryId(): AuditEntryId
    newApiKeyId(): ApiKeyId
    newFactorId(): FactorId
    /** Of a sign-in that waits for its second factor: 256 random bits. */
    newMfaToken(): string
    randomBytes(length: number): Uint8Array<ArrayBuffer>
    /** As authenticator apps and passkeys show it. */
    shopName: string
    now(): Date
    /** Notifies the mailer that it has events to pull. The message may be lost, since its sweep pulls too. */
    wakeMails: () => Promise<void>
    /** The services that consume events of users. */
    receivers: Receivers
    /** Has events delivered to them now. The call may be lost, since the sweep delivers them too. */
    wakeDeliveries: () => Promise<void>
  }

/** Each gets the events that the catalogue of events says it consumes. */
type Receivers = Record<
  UsersEventsReceiver,
  {
    receiveUsersEvents(
      events: DeliveredUsersEvent[],
    ): ReturnType<UsersEventsRpc<UsersEventsReceiver>['receiveUsersEvents']>
  }
>

/** The name of the sweeper that only delivers events. */
export const DELIVERIES = 'deliveries'

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
  /** Private parts, of the key that signs now first. */
  const secrets = () => inSigningOrder(keys, now()).flatMap(({ d }) => d ?? [])
  const { FACTOR_SECRET: secret, FACTOR_SECRET_NEXT: next } = settings
  const factorSecrets: [string, ...string[]] = next === undefined ? [secret] : [next, secret]
  const raised = settings.ADDRESS_LIMITS === 'raised'
  return {
    ...factorRepositories(db),
    accounts: accountRepository(db),
    addresses: addressRepository(db),
    customerGroups: customerGroupRepository(db),
    customerNotes: customerNoteRepository(db),
    creationKeys: creationKeyRepository(db),
    emails: emailRepository(db),
    passwordHashes: passwordHashRepository(db),
    accountTokenRows: accountTokenRepository(db),
    mailAddresses: mailAddressRepository(db),
    sessions: sessionRepository(db),
    invitations: invitationRepository(db),
    invitationTokens: createInvitationTokens(secrets),
    roles: roleRepository(db),
    audit: auditRepository(db),
    apiKeys: apiKeyRepository(db),
    keyTexts: createKeyTexts({ secrets, randomBytes }),
    erasures: erasureRepository(db),
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
    passwordRules: {
      minimumLength: settings.PASSWORD_MIN_LENGTH,
      shopNames: shopNamesOf(SHOP.legalName),
      isCommon: isCommonPassword,
    },
    breachedPasswords:
      settings.PASSWORD_BREACH_CHECK === '' ? undefined : breachedPasswords(settings.PASSWORD_BREACH_CHECK),
    accountTokens: accountTokens({ secret: settings.ACCOUNT_TOKEN_SECRET, newId: () => crypto.randomUUID() }),
    refreshTokens: createRefreshTokens({
      secrets,
      newBytes: () => randomBytes(32),
    }),
    passkeys: createPasskeys({ name: SHOP.legalName, id: settings.RP_ID, origins: [...settings.RP_ORIGINS] }),
    challenges: createChallenges(factorSecrets),
    sealer: createSealer('shop factor secrets v1', factorSecrets),
    signAccessToken: createSigner(keys, now),
    publicKeys: () => publicKeys(keys, now()),
    issuer: settings.TOKEN_ISSUER,
    audience: settings.TOKEN_AUDIENCE,
    newId,
    newUserId: () => newId('user'),
    newSessionId: () => newId('session'),
    newTokenId: () => crypto.randomUUID(),
    newInvitationId: () => newId('invitation'),
    newAuditEntryId: () => newId('auditEntry'),
    newApiKeyId: () => newId('apiKey'),
    newFactorId: () => newId('factor'),
    newMfaToken: () => base64url(randomBytes(32)),
    randomBytes,
    shopName: SHOP.legalName,
    now,
    wakeMails: () => wakeMails(env.MAIL_EVENTS),
    wakeWebhooks: () => wakeWebhooks(env.MAIL_EVENTS),
    receivers: receiversOf(env, settings),
    wakeDeliveries: () => wakeDeliveries(env),
  }
})

const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))

function receiversOf(env: UsersEnv, { INVOCATION_LIMIT: invocationLimit }: UsersSettings): Receivers {
  return {
    orders: traced<UsersEventsRpc<'orders'>>(env.ORDERS, 'orders', { invocationLimit }),
    payments: traced<UsersEventsRpc<'payments'>>(env.PAYMENTS, 'payments', { invocationLimit }),
    catalog: traced<UsersEventsRpc<'catalog'>>(env.CATALOG, 'catalog', { invocationLimit }),
  }
}

/** A sweeper that does not answer must not fail the change that wrote the events. */
async function wakeDeliveries(env: UsersEnv): Promise<void> {
  try {
    await wakeSweeper(env, DELIVERIES)
  } catch (error) {
    log('warn', 'wake_failed', { sweeper: DELIVERIES, error })
  }
}
