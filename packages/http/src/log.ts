import { redact } from './redact.ts'
import { currentTrace } from './trace.ts'
import { traceIdOf } from './trace-context.ts'

export type LogFields = Record<string, unknown>
export type LogLevel = 'info' | 'warn' | 'error'

/**
 * Writes one structured line, with the current request if there is one. Workers Logs indexes its members.
 *
 * The request's id is redacted like everything else, since a client may choose it.
 */
export function log(level: LogLevel, event: string, fields: LogFields = {}): void {
  const trace = currentTrace()
  const request = trace && { request_id: trace.requestId, trace_id: traceIdOf(trace) }
  const line = JSON.stringify({ level, event, ...(redact({ ...request, ...fields }) as LogFields) })
  if (level === 'error') console.error(line)
  else if (level === 'warn') console.warn(line)
  else console.log(line)
}
