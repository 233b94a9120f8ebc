import { log } from './log.ts'

type DependencyCheck = { status: 'ok' | 'down'; latency_ms: number }
export type Readiness = {
  status: 'ready' | 'degraded' | 'unavailable'
  checks: Record<string, DependencyCheck>
} & Record<string, unknown>

/** Where a worker reports its dependencies to the gateway. Not under `/api`, so clients cannot reach it. */
export const READINESS_PATH = '/internal/ready'

type Checks = Record<string, () => Promise<unknown>>

/**
 * Checks the dependencies concurrently and answers 503 when an essential one is down.
 *
 * @param essential each throws when its dependency cannot be used, within a timeout of its own
 * @param helpful the same for those without which the worker is only slower: `degraded`, and still 200
 * @param details further members of the answer, read once the checks are done; they do not change the status
 */
export async function readinessResponse(
  essential: Checks,
  helpful: Checks = {},
  details: () => Record<string, unknown> = () => ({}),
): Promise<Response> {
  const results = await Promise.all(
    Object.entries({ ...essential, ...helpful }).map(
      async ([name, check]) => [name, await tryDependency(name, check)] as const,
    ),
  )
  const down = results.flatMap(([name, result]) => (result.status === 'down' ? [name] : []))
  const isDown = down.some((name) => name in essential)
  const status = isDown ? 'unavailable' : down.length > 0 ? 'degraded' : 'ready'
  const body: Readiness = { ...details(), status, checks: Object.fromEntries(results) }
  return Response.json(body, { status: isDown ? 503 : 200, headers: { 'cache-control': 'no-store' } })
}

async function tryDependency(name: string, check: () => Promise<unknown>): Promise<DependencyCheck> {
  const started = Date.now()
  try {
    await check()
    return { status: 'ok', latency_ms: Date.now() - started }
  } catch (error) {
    log('warn', 'dependency_down', { dependency: name, error })
    return { status: 'down', latency_ms: Date.now() - started }
  }
}
