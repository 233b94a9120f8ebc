import { templateOf } from '@shop/testing/api-contract'
import type { RawRequest } from './draft.ts'
import { type Json, OPERATIONS, type Operation } from './schema.ts'
import type { RawAnswer } from './send.ts'

/** A request and its answer, with what the rules about them need. */
export type Exchange = {
  request: RawRequest
  answer: RawAnswer
  /** The path as the shop reads it: without the query, dots resolved, slashes that follow each other as one. */
  path: string
  /** The operation that the request reached, which need not be the one it was made for. */
  operation: Operation | undefined
  mediaType: string
  /** The body of the answer, parsed if it is JSON. */
  body: Json
  /** Whom the request proved to come from: an account, the holder of an order's token. */
  viewers: Set<string>
  isStaff: boolean
  isSignedIn: boolean
}

/** @param sender whose access token the request would carry, if it still has it */
export function exchangeOf(
  request: RawRequest,
  answer: RawAnswer,
  sender: { token: string | undefined; account: string | undefined; isStaff: boolean },
): Exchange {
  const { pathname } = new URL(`http://shop.internal${request.target}`)
  const path = decoded(pathname).replace(/\/{2,}/g, '/')
  const template = templateOf(path)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const mediaType = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
  const body = mediaType.endsWith('json') && answer.text !== '' ? parsed(answer.text) : answer.text
  const isSignedIn = sender.account !== undefined && request.headers.authorization === `Bearer ${sender.token}`
  const { 'x-order-token': orderToken, 'x-cart-token': cartToken } = request.headers
  const tokens = [orderToken, cartToken, memberOf(body, 'order_token'), memberOf(body, 'cart_token')]
  const viewers = [isSignedIn && sender.account, ...tokens].filter((viewer) => typeof viewer === 'string')
  return {
    request,
    answer,
    path,
    operation: OPERATIONS.find((one) => one.method === method && one.path === template && isWithin(one, path)),
    mediaType,
    body,
    viewers: new Set(viewers),
    isStaff: isSignedIn && sender.isStaff,
    isSignedIn,
  }
}

/** Whether the path has a listed value where only listed ones are described, as of `/api/events/{service}`. */
function isWithin({ path: template, parameters }: Operation, path: string): boolean {
  const parts = path.split('/')
  return template.split('/').every((part, index) => {
    const allowed = parameters.find((one) => one.in === 'path' && `{${one.name}}` === part)?.schema.enum
    return allowed === undefined || allowed.includes(parts[index] ?? '')
  })
}

export const isGood = ({ answer: { status } }: Exchange): boolean => status >= 200 && status < 400

export function memberOf(body: Json, name: string): Json | undefined {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body[name] : undefined
}

/** Undefined for what is no JSON. */
export function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** A slash that is encoded stays so: it separates nothing. */
function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
