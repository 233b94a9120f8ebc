import type { Kind, Kinds } from '../store/objects.ts'
import type { Filter, PageQuery, Store } from '../store/store.ts'
import type { Endpoint } from './endpoint.ts'
import { invalidRequest, noSuch } from './errors.ts'
import { type Accepted, Params, parseInteger } from './params.ts'

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** A list endpoint; https://docs.stripe.com/api/pagination */
export interface ListSpec<K extends Kind> {
  kind: K
  path: string
  filters?: readonly Filter[]
  /** Accepts the parameters of the event list. */
  events?: boolean
  /** The field of the objects that equals the id in the path, such as their customer. */
  within?: Filter
  /** Lists only objects of a customer. */
  attachedOnly?: boolean
  unsupported?: Accepted['unsupported']
  view?: (object: Kinds[K], store: Store) => object
}

export function listEndpoint<K extends Kind>(spec: ListSpec<K>): Endpoint {
  const { kind, path, filters = [], view = (object: Kinds[K]) => object } = spec
  const accepts = ['limit', 'starting_after', 'ending_before', 'created', ...filters]
  if (spec.events) accepts.push('type', 'types', 'delivery_success')
  return {
    method: 'GET',
    path,
    answers: kind,
    list: true,
    prepare({ id, form }) {
      const params = new Params(form, { accepts, unsupported: spec.unsupported ?? [] })
      const limit = readLimit(params)
      const after = params.string('starting_after')
      const before = params.string('ending_before')
      if (after !== undefined && before !== undefined) {
        throw invalidRequest('You can only provide one of ending_before and starting_after.', {
          param: 'ending_before',
        })
      }
      const created = readCreated(params)
      const where = readFilters(params, filters)
      if (spec.within) where[spec.within] = id
      const filtered: PageQuery = {
        where,
        created,
        limit: limit + 1,
        attachedOnly: spec.attachedOnly ?? false,
        ...(spec.events && readEventFilters(params)),
      }
      return ({ store }) => {
        const query = { ...filtered }
        if (after !== undefined) query.olderThan = cursor(store, kind, after, 'starting_after')
        if (before !== undefined) query.newerThan = cursor(store, kind, before, 'ending_before')
        const rows = store.page(kind, query)
        const has_more = rows.length > limit
        // The query asks for one extra row, the farthest in either direction, to determine `has_more`.
        const page = before === undefined ? rows.slice(0, limit) : rows.slice(-limit)
        return {
          object: 'list',
          url: path.replace(':id', id),
          has_more,
          data: page.map((object) => view(object, store)),
        }
      }
    },
  }
}

/** @throws ApiError 400 outside 1 to 100 */
export function readLimit(params: Params): number {
  const limit = params.integer('limit') ?? 10
  if (limit >= 1 && limit <= 100) return limit
  const rule = limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100'
  throw invalidRequest(`This value must be ${rule} (it currently is '${limit}').`, {
    code: 'parameter_invalid_integer',
    param: 'limit',
  })
}

function readCreated(params: Params): NonNullable<PageQuery['created']> {
  const sent = params.raw('created')
  if (sent === undefined) return []
  if (typeof sent === 'string') return [{ comparison: '=', value: parseInteger(sent, 'created') }]
  return Object.entries(sent).map(([name, value]) => {
    const comparison = Object.hasOwn(COMPARISONS, name) && COMPARISONS[name as keyof typeof COMPARISONS]
    const param = `created[${name}]`
    if (!comparison) throw invalidRequest(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param })
    return { comparison, value: parseInteger(String(value), param) }
  })
}

function readFilters(params: Params, filters: readonly Filter[]): Partial<Record<Filter, string>> {
  const where: Partial<Record<Filter, string>> = {}
  for (const filter of filters) {
    const value = params.string(filter)
    if (value !== undefined) where[filter] = value
  }
  return where
}

function readEventFilters(params: Params): Pick<PageQuery, 'types' | 'delivered'> {
  const type = params.string('type')
  const types = params.strings('types') ?? (type === undefined ? undefined : [type])
  const delivered = params.boolean('delivery_success')
  return { ...(types && { types }), ...(delivered !== undefined && { delivered }) }
}

function cursor(store: Store, kind: Kind, id: string, param: string): number {
  const sequence = store.sequenceOf(kind, id)
  if (sequence === undefined) throw noSuch(kind, id, param, 400)
  return sequence
}
