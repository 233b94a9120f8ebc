import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { EXECUTION_CONTEXT } from '@shop/testing/execution-context'
import { catalogApp } from '../../src/app.ts'
import { aCatalog } from './catalog.ts'

type SendOptions = { body?: unknown; headers?: Record<string, string> }

/** The routes over a catalogue in memory. A body that is a string is sent as it is. */
export function aShop() {
  const shop = aCatalog()
  const app = catalogApp(() => shop.deps)
  const send = (caller: Caller, method: string, path: string, { body, headers = {} }: SendOptions = {}) =>
    app.request(
      `http://catalog${path}`,
      {
        method,
        headers: { [CALLER_HEADER]: JSON.stringify(caller), 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
      {},
      EXECUTION_CONTEXT,
    )
  const call = async (caller: Caller, method: string, path: string, body?: unknown, headers = {}) => {
    const response = await send(caller, method, path, { body, headers })
    return { status: response.status, body: await response.json() }
  }
  return { ...shop, send, call }
}
