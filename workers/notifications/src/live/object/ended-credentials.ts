import { Unavailable } from '@shop/kernel/unavailable'
import type { Credential, ListenerKey, ListenerSession, ListenerToken } from '../domain/listener.ts'
import { ORDERS_SCOPE } from '../domain/ticket.ts'
import type { Authorities } from './authorities.ts'

type Credentials = readonly (Credential | undefined)[]

/** Tells a credential from others. */
export function idOf(credential: Credential): string {
  if (credential.kind === 'session') return credential.sessionId
  return credential.kind === 'api_key' ? credential.keyId : credential.tokenHash
}

/**
 * The ids of those that have ended: sessions, keys that may no longer read orders, and order tokens whose secret was withdrawn.
 *
 * @throws when that cannot be known
 */
export async function endedCredentials(authorities: Authorities, credentials: Credentials): Promise<Set<string>> {
  const ended = await Promise.all([
    endedSessions(authorities, credentials),
    endedKeys(authorities, credentials),
    endedTokens(authorities, credentials),
  ])
  return new Set(ended.flatMap((ids) => [...ids]))
}

/** The ids of sessions that have ended. @throws when that cannot be known */
export async function endedSessions({ revocations }: Authorities, credentials: Credentials): Promise<Set<string>> {
  const sessions = unique<ListenerSession>(credentials, 'session')
  const areEnded = await Promise.all(sessions.map(({ userId, sessionId }) => revocations(userId).isEnded(sessionId)))
  return idsOf(sessions.filter((_, index) => areEnded[index]))
}

async function endedKeys({ users }: Authorities, credentials: Credentials): Promise<Set<string>> {
  const keys = unique<ListenerKey>(credentials, 'api_key')
  if (keys.length === 0) return new Set()
  const known = await users.scopesOfKeys({ keyIds: keys.map(({ keyId }) => keyId) })
  if (!known.ok) throw new Unavailable('users')
  const reading = new Set(known.value.flatMap(({ keyId, scopes }) => (scopes.includes(ORDERS_SCOPE) ? [keyId] : [])))
  return idsOf(keys.filter(({ keyId }) => !reading.has(keyId)))
}

async function endedTokens({ orders }: Authorities, credentials: Credentials): Promise<Set<string>> {
  const tokens = unique<ListenerToken>(credentials, 'order_token')
  if (tokens.length === 0) return new Set()
  const known = await orders.areOrderTokens(tokens.map(({ orderId, tokenHash }) => ({ orderId, tokenHash })))
  if (!known.ok) throw new Unavailable('orders')
  return idsOf(tokens.filter((_, index) => !known.value[index]))
}

/** Those of a kind, each once. */
function unique<C extends Credential>(credentials: Credentials, kind: C['kind']): C[] {
  const ofKind = credentials.filter((one): one is C => one?.kind === kind)
  return [...new Map(ofKind.map((one) => [idOf(one), one])).values()]
}

const idsOf = (credentials: readonly Credential[]): Set<string> => new Set(credentials.map(idOf))
