import { Pool } from 'undici'

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string }

/**
 * The lightest client in Node, because the load comes from the measured machine.
 *
 * @param options.expected any other status is an error of the flow
 */
export type Ask = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  options: { expected: number; headers?: Record<string, string>; json?: unknown },
) => Promise<Answer>

export function httpClient(port: number): Ask {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 256, pipelining: 1 })
  return async (method, path, { expected, headers = {}, json }) => {
    const response = await pool.request({
      method,
      path,
      headers: json === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const answer = { status: response.statusCode, headers: response.headers, body: await response.body.text() }
    if (answer.status === expected) return answer
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`)
  }
}

/** Round trips by dependency, from the Server-Timing header of an answer, such as `{ postgres: 2, stripe: 1 }`. */
export function tripsOf({ headers }: Answer): Record<string, number> {
  const found = String(headers['server-timing'] ?? '').matchAll(/(\w+);desc="(\d+) trips"/g)
  return Object.fromEntries([...found].map(([, dependency, count]) => [dependency, Number(count)]))
}
