import type { Account } from '@shop/testing/shop'
import { beforeAll } from 'vitest'
import type { Stage } from './use-platform.ts'

const ADMINISTRATORS = 4

export const JSON_TYPE = { 'content-type': 'application/json' }

/**
 * Sends requests exactly as given, as staff, who pass every access check. Several administrators take turns, because the
 * tests of a file exceed the rate limit of one.
 */
export function useStaffRequests(stage: Stage) {
  let requests = 0
  let staff: Account[] = []
  beforeAll(async () => {
    staff = await Promise.all(Array.from({ length: ADMINISTRATORS }, () => stage.shop.signUpAdmin()))
  })
  const nextToken = () => {
    requests += 1
    return staff[requests % staff.length]?.token
  }
  const send = (method: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers({
      authorization: `Bearer ${nextToken()}`,
      'cf-connecting-ip': `10.1.${requests >> 8}.${requests & 255}`,
    })
    new Headers(init.headers).forEach((value, name) => {
      headers.set(name, value)
    })
    return fetch(`${stage.platform.url}${path}`, { redirect: 'manual', ...init, method, headers })
  }
  const sendJson = (method: string, path: string, body: unknown) =>
    send(method, path, { headers: JSON_TYPE, body: typeof body === 'string' ? body : JSON.stringify(body) })
  return { send, sendJson, nextToken }
}
