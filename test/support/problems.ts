import { expect } from 'vitest'
import { INSIDES } from './insides.ts'

export type Refusal = { status: number; headers: Headers; body: Record<string, unknown> }

/** Reads a 4xx problem response, checks that it leaks nothing internal, and returns its status and code. */
export async function expectRefusal(response: Response): Promise<Refusal> {
  const text = await response.text()
  expect(response.status, text).toBeGreaterThanOrEqual(400)
  expect(response.status, text).toBeLessThan(500)
  return readProblem(response, text)
}

/** Like {@link expectRefusal}, for a 5xx response. */
export async function expectOutage(response: Response): Promise<Refusal> {
  const text = await response.text()
  expect(response.status, text).toBe(503)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  return readProblem(response, text)
}

function readProblem(response: Response, text: string): Refusal {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = JSON.parse(text) as Record<string, unknown>
  expect(body).toMatchObject({ status: response.status, code: expect.any(String), title: expect.any(String) })
  expect(body.request_id).toBe(response.headers.get('x-request-id'))
  expect(text).not.toMatch(INSIDES)
  return { status: response.status, headers: response.headers, body }
}
