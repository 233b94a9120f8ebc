import { ORDER_TOKEN_HEADER } from '@shop/contracts/orders/access'
import { CART_TOKEN_HEADER } from '@shop/contracts/orders/cart-access'
import { forbiddenTo, hasScope, requireScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { MiddlewareHandler } from 'hono'
import type { Access, GuestToken } from './access.ts'
import { problem } from './problem.ts'
import type { FailureCode } from './problems.ts'

type Guard = MiddlewareHandler<{ Variables: { caller: Caller } }>

/** Where a guest sends a token, and how a caller without any credential is answered: for them no cart exists. */
const TOKENS = {
  order_token: { header: ORDER_TOKEN_HEADER, refusal: 'authentication_required' },
  cart_token: { header: CART_TOKEN_HEADER, refusal: 'cart_not_found' },
} as const satisfies Record<GuestToken, { header: string; refusal: FailureCode }>

/** What an operation with this access may refuse before it runs. */
export function refusalsOf(access: Access): FailureCode[] {
  switch (access.kind) {
    case 'public':
    case 'anyone':
      return []
    case 'signed_in':
    case 'scope':
      return ['authentication_required', 'forbidden']
    case 'owner':
      return [access.token === undefined ? 'authentication_required' : TOKENS[access.token].refusal]
  }
}

/**
 * Checks the caller before the request is validated and its body read, so that only those who may call an operation learn what
 * is wrong with a request. Undefined where everybody may.
 */
export function guardOf(access: Access): Guard | undefined {
  switch (access.kind) {
    case 'public':
    case 'anyone':
      return undefined
    case 'signed_in':
      return signedIn(access)
    case 'owner':
      return access.token === undefined ? signedIn({ kind: 'signed_in' }) : holder(access.token)
    case 'scope':
      return async (c, next) => {
        const allowed = requireScope(c.get('caller'), access.scope)
        if (allowed.ok) return next()
        const isHidden = allowed.failure.code === 'forbidden' && access.refuse !== undefined
        return isHidden ? access.refuse?.(c, next) : problem(c, allowed.failure)
      }
  }
}

/** A key is no account: it needs the scope. */
function signedIn({ or }: Extract<Access, { kind: 'signed_in' }>): Guard {
  return async (c, next) => {
    const caller = c.get('caller')
    if (caller.kind === 'anonymous') return problem(c, { code: 'authentication_required' })
    const isAllowed = caller.kind === 'user' || (or !== undefined && hasScope(caller, or))
    return isAllowed ? next() : problem(c, forbiddenTo(caller, or))
  }
}

function holder(token: GuestToken): Guard {
  const { header, refusal } = TOKENS[token]
  return async (c, next) => {
    const isNobody = c.get('caller').kind === 'anonymous' && !c.req.header(header)
    return isNobody ? problem(c, { code: refusal }) : next()
  }
}
