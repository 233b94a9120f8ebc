import { problem } from '@shop/http/problem'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'

/** @param allowed as the header `Allow` lists methods */
export function methodNotAllowed(c: Context<GatewayContext>, allowed: string): Response {
  const response = problem(c, { code: 'method_not_allowed' })
  response.headers.set('allow', allowed)
  return response
}
