import { newId } from '@shop/http/ids'
import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { EXECUTION_CONTEXT } from '@shop/testing/execution-context'
import { ordersApp } from '../../src/app.ts'
import { testDeps } from './test-deps.ts'

export const OWNER_ID = newId('user')
export const OWNER: Caller = { kind: 'user', userId: OWNER_ID, role: 'customer' }
export const STRANGER: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }
export const ADMIN: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }

type Sent = { caller?: Caller; body?: unknown; headers?: Record<string, string> }

/** The worker's app over what is in memory, and how to call it. A body that is text is sent as it is. */
export function shopWith(options: Parameters<typeof testDeps>[0] = {}) {
  const made = testDeps(options)
  const app = ordersApp(() => made.deps)
  const send = async (method: string, path: string, { caller, body, headers = {} }: Sent = {}) => {
    const response = await app.request(
      path,
      {
        method,
        headers: {
          ...(caller === undefined ? {} : { [CALLER_HEADER]: JSON.stringify(caller) }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
      {},
      EXECUTION_CONTEXT,
    )
    return { status: response.status, headers: response.headers, body: await response.json<Record<string, unknown>>() }
  }
  return { ...made, send }
}
