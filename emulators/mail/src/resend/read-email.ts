import type { Mail } from '../mail.ts'
import { ResendError } from './errors.ts'

export type EmailRequest = Omit<Mail, 'id' | 'sentAt' | 'via' | 'idempotency'>

const MOST_RECIPIENTS = 50
const ADDRESS = /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)$/
const SUPPORTED = ['from', 'to', 'cc', 'bcc', 'reply_to', 'subject', 'html', 'text', 'headers', 'tags']

/**
 * The body of `POST /emails`. A field of Resend that the emulator does not support is refused by name, never ignored.
 *
 * @throws ResendError
 */
export function readEmail(body: string): EmailRequest {
  const request = parsed(body)
  for (const field of Object.keys(request)) {
    if (!SUPPORTED.includes(field)) throw new ResendError(422, 'invalid_parameter', `The emulator has no \`${field}\`.`)
  }
  const html = content(request, 'html')
  const text = content(request, 'text')
  if (html === null && text === null) throw missing('html or text')
  return {
    from: sender(request.from),
    to: recipients(request, 'to', true),
    cc: recipients(request, 'cc'),
    bcc: recipients(request, 'bcc'),
    replyTo: recipients(request, 'reply_to'),
    subject: subjectOf(request.subject),
    html,
    text,
    headers: headersOf(request.headers),
  }
}

type Body = Record<string, unknown>

function parsed(body: string): Body {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body
  } catch {
    // Answered below, like any other body that is no object.
  }
  throw new ResendError(400, 'validation_error', 'The request body is not a JSON object.')
}

const missing = (field: string) => new ResendError(422, 'missing_required_field', `Missing \`${field}\` field.`)
const invalid = (field: string, rule: string) =>
  new ResendError(422, 'validation_error', `Invalid \`${field}\` field. ${rule}`)

function sender(from: unknown): string {
  if (from === undefined) throw missing('from')
  if (typeof from !== 'string' || !ADDRESS.test(from)) {
    throw new ResendError(
      422,
      'invalid_from_address',
      'Invalid `from` field. It needs an address, or a name and <address>.',
    )
  }
  return from
}

function recipients(body: Body, field: string, isRequired = false): string[] {
  const value = body[field]
  if (value === undefined) {
    if (isRequired) throw missing(field)
    return []
  }
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0 || list.length > MOST_RECIPIENTS)
    throw invalid(field, `It takes 1 to ${MOST_RECIPIENTS} addresses.`)
  return list.map((one) => {
    if (typeof one !== 'string' || !ADDRESS.test(one))
      throw invalid(field, 'It needs addresses, or names with <address>.')
    return one
  })
}

function subjectOf(subject: unknown): string {
  if (subject === undefined) throw missing('subject')
  if (typeof subject !== 'string' || /[\r\n]/.test(subject)) throw invalid('subject', 'It is one line.')
  return subject
}

function content(body: Body, field: 'html' | 'text'): string | null {
  const value = body[field] ?? null
  if (value !== null && typeof value !== 'string') throw invalid(field, 'It is text.')
  return value
}

function headersOf(headers: unknown = {}): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) throw invalid('headers', 'It is an object.')
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (typeof value !== 'string' || /[\r\n]/.test(value) || !/^[\w-]+$/.test(name))
        throw invalid('headers', `\`${name}\` is no header.`)
      return [name, value]
    }),
  )
}
