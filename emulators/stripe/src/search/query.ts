import { type ApiError, invalidRequest } from '../api/errors.ts'

/** A search query as an SQL condition on `objects`, with its bound values in order. */
export interface Condition {
  sql: string
  values: (string | number)[]
}

/** One clause: `-metadata['order_id']:'o 1'`, `amount>=100`, `customer:null`. */
const CLAUSE =
  /\s*(?<not>-)?(?:metadata\[(?<q1>['"])(?<key>(?:\\.|(?!\k<q1>).)*)\k<q1>\]|(?<field>[a-z_.]+))\s*(?<operator>:|~|>=|<=|>|<)\s*(?:(?<q2>['"])(?<text>(?:\\.|(?!\k<q2>).)*)\k<q2>|(?<number>-?\d+)|(?<nothing>null))\s*/y

const SHORTEST_PART = 3

/**
 * Parses Stripe's search language (https://docs.stripe.com/search#search-query-language): clauses joined by AND (which
 * may be omitted) or by OR, but not both.
 *
 * @param fields the searchable fields besides metadata
 * @throws ApiError 400 for an invalid query
 */
export function readQuery(query: string, fields: readonly string[]): Condition {
  const clauses: Condition[] = []
  const joins = new Set<string>()
  let at = 0
  while (at < query.length) {
    if (clauses.length > 0) {
      const join = /^\s*(AND|OR)\b/i.exec(query.slice(at))
      joins.add(join?.[1]?.toUpperCase() ?? 'AND')
      at += join?.[0].length ?? 0
    }
    CLAUSE.lastIndex = at
    const match = CLAUSE.exec(query)
    if (!match?.groups) throw unreadable(query)
    clauses.push(toCondition(match.groups, fields, query))
    at = CLAUSE.lastIndex
  }
  if (clauses.length === 0) throw unreadable(query)
  if (joins.size > 1) throw invalidRequest('Search queries cannot combine AND and OR.', { param: 'query' })
  const [join = 'AND'] = joins
  return {
    sql: `(${clauses.map(({ sql }) => sql).join(` ${join} `)})`,
    values: clauses.flatMap(({ values }) => values),
  }
}

/** @param parts the groups of CLAUSE; those outside the match are undefined */
function toCondition(parts: Record<string, string | undefined>, fields: readonly string[], query: string): Condition {
  const { not, key, field, operator = ':', text, number, nothing } = parts
  if (field !== undefined && !fields.includes(field)) {
    throw invalidRequest(`Field \`${field}\` is an unsupported search field for this resource.`, { param: 'query' })
  }
  const subject =
    field === undefined
      ? { sql: `(select value from json_each(body, '$.metadata') where key = ?)`, values: [unescaped(key ?? '')] }
      : // `field` is one of `fields`, as checked above.
        { sql: `json_extract(body, '$.${field}')`, values: [] }
  const positive = compare(subject, operator, { text, number, nothing }, query)
  return not ? { sql: `not coalesce(${positive.sql}, false)`, values: positive.values } : positive
}

function compare(
  { sql, values }: Condition,
  operator: string,
  { text, number, nothing }: Record<string, string | undefined>,
  query: string,
): Condition {
  if (nothing !== undefined) {
    if (operator !== ':') throw unreadable(query)
    return { sql: `${sql} is null`, values }
  }
  const value = text === undefined ? Number(number) : unescaped(text)
  if (operator === ':') {
    return typeof value === 'number'
      ? { sql: `cast(${sql} as text) = ?`, values: [...values, String(value)] }
      : { sql: `lower(${sql}) = lower(?)`, values: [...values, value] }
  }
  if (operator === '~') {
    if (typeof value === 'number' || value.length < SHORTEST_PART) throw unreadable(query)
    return { sql: `instr(lower(${sql}), lower(?)) > 0`, values: [...values, value] }
  }
  if (typeof value === 'string') throw unreadable(query)
  return { sql: `${sql} ${operator} ?`, values: [...values, value] }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

function unreadable(query: string): ApiError {
  return invalidRequest(`We were unable to parse your search query: ${query}`, { param: 'query' })
}
