import type { Kind } from '../store/objects.ts'
import type { Store } from '../store/store.ts'
import type { Endpoint } from './endpoint.ts'
import { invalidRequest } from './errors.ts'
import type { Form } from './form.ts'
import { Params } from './params.ts'

const EXPANDABLE: Record<Kind | 'balance', Record<string, Kind>> = {
  payment_intent: { customer: 'customer', latest_charge: 'charge', payment_method: 'payment_method' },
  charge: { customer: 'customer', payment_intent: 'payment_intent' },
  refund: {
    charge: 'charge',
    customer: 'customer',
    payment_intent: 'payment_intent',
    payment_method: 'payment_method',
  },
  dispute: { charge: 'charge', payment_intent: 'payment_intent' },
  payment_method: { customer: 'customer' },
  setup_intent: { customer: 'customer', payment_method: 'payment_method' },
  customer: {},
  deleted_customer: {},
  event: {},
  balance: {},
  'tax.calculation': {},
  'tax.transaction': {},
}

/** Reads `expand[]`. @throws ApiError 400 for what cannot be expanded, before the execution begins */
export function readExpand(
  form: Form,
  { answers, list = false, inline = [] }: Pick<Endpoint, 'answers' | 'list' | 'inline'>,
): string[][] {
  const { expand } = form
  const paths = expand === undefined ? [] : (new Params({ expand }, { accepts: [] }).strings('expand') ?? [])
  return paths.map((path) => {
    const segments = path.split('.')
    if (inline.includes(path)) return segments
    const fields = list && segments[0] === 'data' ? segments.slice(1) : segments
    let kind: Kind | 'balance' | undefined = answers
    for (const field of fields) kind = kind && EXPANDABLE[kind][field]
    if (kind !== undefined && fields.length > 0 && fields.length <= 4 && (!list || segments[0] === 'data'))
      return fields
    throw invalidRequest(`This property cannot be expanded (${path}), or the Stripe emulator does not support it.`, {
      param: 'expand',
    })
  })
}

/** Replaces the named references in an answer by their objects. Does not change stored objects. */
export function expandAnswer(answer: object, paths: string[][], kind: Kind | 'balance', store: Store): object {
  if (paths.length === 0) return answer
  if ('data' in answer && Array.isArray(answer.data)) {
    return { ...answer, data: answer.data.map((item: object) => expandAll(item, paths, kind, store)) }
  }
  return expandAll(answer, paths, kind, store)
}

function expandAll(object: object, paths: string[][], kind: Kind | 'balance', store: Store): object {
  const copy: Record<string, unknown> = { ...object }
  for (const [field, ...rest] of paths) {
    const referred = field === undefined ? undefined : EXPANDABLE[kind][field]
    if (field === undefined || referred === undefined) continue
    const current = copy[field]
    const target = typeof current === 'string' ? store.find(referred, current) : current
    if (typeof target !== 'object' || target === null) continue
    copy[field] = rest.length > 0 ? expandAll(target, [rest], referred, store) : target
  }
  return copy
}

/** Leaves out the members that were not asked for. One that was asked for also shows those that it lies in. */
export function leaveOut(answer: object, inline: readonly string[], paths: string[][]): object {
  const shown = paths.map((path) => path.join('.'))
  const hidden = inline.filter((path) => !shown.some((one) => one === path || one.startsWith(`${path}.`)))
  return hidden.reduce((rest, path) => without(rest, path.split('.')), answer)
}

function without(object: object, [name = '', ...rest]: string[]): object {
  const { [name]: member, ...others }: Record<string, unknown> = { ...object }
  if (rest.length === 0) return others
  if (typeof member !== 'object' || member === null) return object
  const trimmed = Array.isArray(member) ? member.map((item: object) => without(item, rest)) : without(member, rest)
  return { ...object, [name]: trimmed }
}
