import type { IncomingHttpHeaders } from 'node:http'
import type { FaultCounts, FaultList } from './fault-list.ts'

export const FAULTS_PATH = '/_control/faults'

/** `GET|POST|DELETE /_control/faults` for other processes: lists, adds (one fault as JSON) and clears faults. */
export function answerFaultControl<F extends FaultCounts>(
  faults: FaultList<F>,
  { method, headers, body }: { method: string; headers: IncomingHttpHeaders; body: string },
): { status: number; body: unknown } {
  // A web page can post to 127.0.0.1 too. Browsers send an Origin header; tests do not.
  if (headers.origin !== undefined) return { status: 403, body: { message: 'Not for browsers' } }
  if (method === 'GET') return { status: 200, body: faults.list() }
  if (method === 'DELETE') {
    faults.clear()
    return { status: 200, body: { ok: true } }
  }
  if (method !== 'POST') return { status: 405, body: { message: 'GET, POST or DELETE' } }
  try {
    const fault = JSON.parse(body) as F
    if (typeof fault !== 'object' || fault === null || !('kind' in fault)) throw new Error('"kind" is missing')
    faults.add(fault)
    return { status: 200, body: { ok: true } }
  } catch (error) {
    return { status: 400, body: { message: `Not a fault: ${error instanceof Error ? error.message : String(error)}` } }
  }
}
