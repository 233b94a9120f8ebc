import { withoutCardNumbers } from './card-numbers.ts'
import { isStatementError, mayQuoteValues, statementTraits, withoutStatement } from './statement-error.ts'

const SECRET_NAMES = /password|secret|token|authorization|cookie|api_?key|connection|^parameters$/i
const SECRET_VALUES =
  /postgres(?:ql)?:\/\/[^\s"']+|\b(?:sk|rk|whsec|pi|seti|cuss)_[A-Za-z0-9_]{8,}|eyJ[\w-]+\.[\w-]+\.[\w-]*/g
const WORD = String.raw`[^\s"'<>()@/?&=:]`
/**
 * An e-mail address, such as in a path that somebody has made up. It starts where a word does: with a search from every
 * character a long word would take very long. The packages in a stack trace begin with their `@`.
 */
const EMAIL_LIKE = new RegExp(String.raw`(?<!${WORD})${WORD}+(?:@|%40)${WORD}+\.${WORD}+`, 'gi')
const DEEPEST = 5

/**
 * Removes what must not be logged: members with secret names, secrets inside text (keys, tokens, database URLs, card
 * numbers, e-mail addresses), and everything of errors that may quote values. {@link redactError} lists what stays of an
 * error; its own further members do not.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Error) return redactError(value, depth)
  if (depth > DEEPEST) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return redactMembers(value, depth)
}

function redactMembers(value: object, depth: number): unknown {
  const isOfStatement = isStatementError(value)
  const members = Object.entries(value).filter(([name]) => !(isOfStatement && mayQuoteValues(name)))
  return {
    ...Object.fromEntries(
      members.map(([name, member]) => [name, SECRET_NAMES.test(name) ? '[redacted]' : redact(member, depth + 1)]),
    ),
    ...(isOfStatement ? statementTraits(value) : {}),
  }
}

function redactText(text: string): string {
  const readable = withoutStatement(text).replace(SECRET_VALUES, '[redacted]').replace(EMAIL_LIKE, '[redacted]')
  return withoutCardNumbers(readable, '[redacted]')
}

function redactError(error: Error, depth: number): unknown {
  const cause = causeOf(error)
  return {
    name: redactText(error.name),
    message: messageOf(error),
    ...(isStatementError(error) ? statementTraits(error) : {}),
    stack: framesOf(error),
    ...(cause !== undefined && depth < DEEPEST ? { cause: redact(cause, depth + 1) } : {}),
  }
}

/** Drivers wrap errors, each in its own way. */
function causeOf(error: object): unknown {
  const { cause, sourceError }: { cause?: unknown; sourceError?: unknown } = error
  return cause ?? sourceError
}

/** Empty for an error about a statement, and for one that may quote such an error, its cause. */
function messageOf(error: Error): string {
  if (isStatementError(error) || (error.name !== 'Unavailable' && isCausedByStatement(error))) return '[withheld]'
  // The JSON parser quotes the text that it cannot read.
  const message = error.name === 'SyntaxError' ? error.message.replace(/"[\s\S]*"/, '"…"') : error.message
  return redactText(message)
}

function isCausedByStatement(error: Error): boolean {
  const seen = new Set<unknown>([error])
  for (let cause = causeOf(error); typeof cause === 'object' && cause !== null; cause = causeOf(cause)) {
    if (seen.has(cause)) return false
    if (isStatementError(cause)) return true
    seen.add(cause)
  }
  return false
}

/** A stack line that names a position in the code and nothing else. */
const FRAME = /^\s+at (?:(?:async |new )?[\w$.<>#[\] ]+ \()?[\w$./:@+<>-]+(?::\d+){2}\)?$/

/** The frames of the stack, without the message at its head, which may have several lines that resemble frames. */
function framesOf({ stack = '', message }: Error): string {
  const head = stack.indexOf(message)
  if (head < 0) return ''
  return stack
    .slice(head + message.length)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .map((line) => line.trim())
    .join('\n')
}
