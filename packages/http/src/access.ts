import type { Scope } from '@shop/kernel/scopes'
import type { MiddlewareHandler } from 'hono'

/** The headers by which a guest opens what is theirs, as the API description names them. */
export type GuestToken = 'order_token' | 'cart_token'

/** Who may call an operation. Each operation checks it again, with what its path names. */
export type Access =
  | { kind: 'public'; more?: Scope }
  | { kind: 'anyone'; more?: Scope; token?: GuestToken }
  | { kind: 'signed_in'; or?: Scope }
  | { kind: 'owner'; token?: GuestToken; or: readonly Scope[] }
  | { kind: 'scope'; scope: Scope; refuse?: MiddlewareHandler }

/** Everybody, and who it is makes no difference. */
export const PUBLIC = { kind: 'public' } as const satisfies Access

/** Everybody; callers with the scope are shown more. */
export const publicAnd = (more: Scope) => ({ kind: 'public', more }) as const satisfies Access

/** Everybody; it is done for the caller who has signed in. No cache keeps the answers. */
export const ANYONE = { kind: 'anyone' } as const satisfies Access

/** Like {@link ANYONE}; callers with the scope are shown more. */
export const anyoneAnd = (more: Scope) => ({ kind: 'anyone', more }) as const satisfies Access

/** Like {@link ANYONE}; a guest shows the token of what is theirs. */
export const anyoneWith = (token: GuestToken) => ({ kind: 'anyone', token }) as const satisfies Access

/** Accounts of every role, each with what is theirs. */
export const SIGNED_IN = { kind: 'signed_in' } as const satisfies Access

/** Like {@link SIGNED_IN}; callers with the scope get more, also API keys. */
export const signedInOr = (or: Scope) => ({ kind: 'signed_in', or }) as const satisfies Access

/**
 * The owner of what the path or body names, the guest who shows its token, and callers with one of the scopes. For others it
 * reads as not found.
 */
export const ownerOr = (or: readonly Scope[], token: GuestToken) =>
  ({ kind: 'owner', or, token }) as const satisfies Access

/**
 * Callers with the scope.
 *
 * @param refuse what it answers to others who have signed in, where a refusal must not show that something exists: its owner
 * gets 403, others get not found
 */
export const scope = (scope: Scope, refuse?: MiddlewareHandler): Extract<Access, { kind: 'scope' }> => ({
  kind: 'scope',
  scope,
  ...(refuse && { refuse }),
})

/** As an operation's `x-access` in the API description says it. */
export type DescribedAccess = {
  kind: Access['kind']
  /** Any of these opens it. */
  scopes?: readonly Scope[]
  /** Shows more to callers that have it. */
  more?: Scope
  /** A refusal is 403 for the owner of what the path names, and not found for others. */
  hidden?: true
}

export function describeAccess(access: Access): DescribedAccess {
  switch (access.kind) {
    case 'public':
    case 'anyone':
      return access.more === undefined ? { kind: access.kind } : { kind: access.kind, more: access.more }
    case 'signed_in':
      return access.or === undefined ? { kind: access.kind } : { kind: access.kind, scopes: [access.or] }
    case 'owner':
      return { kind: access.kind, scopes: access.or }
    case 'scope':
      return { kind: access.kind, scopes: [access.scope], ...(access.refuse && { hidden: true }) }
  }
}

/** What the description of an operation says of it, in words; undefined where the security says it all. */
export function accessInWords(access: Access): string | undefined {
  const { kind, scopes = [], more } = describeAccess(access)
  const named = scopes.map((one) => `\`${one}\``).join(' or ')
  if (more !== undefined) return `Shows more with the scope \`${more}\`.`
  if (scopes.length === 0) return undefined
  return kind === 'scope' ? `Needs the scope ${named}.` : `What belongs to others needs the scope ${named}.`
}

/**
 * The security requirements of OpenAPI 3.1, each of which is enough. A bearer scheme may list what it needs:
 * https://spec.openapis.org/oas/v3.1.0#security-requirement-object
 */
export function securityOf(access: Access): Record<string, string[]>[] {
  switch (access.kind) {
    case 'public':
      return []
    case 'anyone':
      return [{ bearer: [] }, ...(access.token === undefined ? [] : [{ [access.token]: [] }]), {}]
    case 'signed_in':
      return [{ bearer: [] }]
    case 'owner':
      return [{ bearer: [] }, ...(access.token === undefined ? [] : [{ [access.token]: [] }])]
    case 'scope':
      return [{ bearer: [access.scope] }]
  }
}
