import { currentTrace } from './trace.ts'
import { traceIdOf } from './trace-context.ts'

const SECRET_NAMES = /password|secret|token|authorization|cookie|api_?key|connection/i
const SECRET_VALUES = /postgres(?:ql)?:\/\/[^\s"']+|\b(?:sk|rk|whsec|pi)_[A-Za-z0-9_]{8,}|eyJ[\w-]+\.[\w-]+\.[\w-]*/g

export type LogFields = Record<string, unknown>
export type LogLevel = 'info' | 'warn' | 'error'

/** Takes out what must not be kept: members with secret names, and secrets inside text (keys, tokens, database URLs). */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(SECRET_VALUES, '[redacted]')
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Error) return redactError(value, depth)
  if (depth > 5) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAMES.test(name) ? '[redacted]' : redact(member, depth + 1),
    ]),
  )
}

function redactError(error: Error, depth: number): unknown {
  return {
    name: error.name,
    message: redact(error.message),
    stack: redact(error.stack),
    ...(error.cause !== undefined && depth < 5 ? { cause: redact(error.cause, depth + 1) } : {}),
  }
}

/** Writes one structured line, with the request it is about, if it is about one. Workers Logs indexes its members. */
export function log(level: LogLevel, event: string, fields: LogFields = {}): void {
  const trace = currentTrace()
  const request = trace && { request_id: trace.requestId, trace_id: traceIdOf(trace) }
  const line = JSON.stringify({ level, event, ...request, ...(redact(fields) as LogFields) })
  if (level === 'error') console.error(line)
  else if (level === 'warn') console.warn(line)
  else console.log(line)
}
