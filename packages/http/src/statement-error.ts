/**
 * What a log may show of errors that databases and their drivers throw. Their messages, and members such as `detail`,
 * contain the values of a statement: e-mail addresses, search terms, token hashes, whole Stripe events. So the log
 * shows only such an error's SQLSTATE, the schema names it mentions, and the statement's verb and table.
 */
export type StatementTraits = { [name in 'sqlstate' | 'statement' | (typeof SCHEMA_MEMBERS)[number]]?: string }

/** Members that identify an error about a statement, whatever its class is called. */
const STATEMENT_MEMBERS = ['query', 'params', 'parameters', 'detail', 'hint', 'where', 'internalQuery', 'severity']
const STATEMENT_ERROR = /^(?:NeonDbError|PostgresError|DrizzleQueryError|StatementFailed)$/
/** The start of Drizzle's message, and the ways others quote the driver's error. Any text may follow. */
const STATEMENT_WORDS = /(Failed query|NeonDbError|PostgresError)\b[\s\S]*$/

/** Names in the schema; never values. */
const SCHEMA_MEMBERS = ['constraint', 'schema', 'table', 'column'] as const
const SQLSTATE = /^(?=.*\d)[\dA-Z]{5}$/
const IDENTIFIER = /^\w{1,63}$/

/** True for an error about a statement, and for an object that was copied from one. */
export function isStatementError(value: object): boolean {
  if (!(value instanceof Error)) return 'params' in value || ('severity' in value && 'code' in value)
  return (
    STATEMENT_ERROR.test(value.name) ||
    STATEMENT_WORDS.test(value.message) ||
    STATEMENT_MEMBERS.some((member) => Reflect.get(value, member) !== undefined)
  )
}

/** Whether a member of an object that was copied from such an error may quote values. */
export const mayQuoteValues = (member: string): boolean =>
  STATEMENT_MEMBERS.includes(member) || ['message', 'stack', ...SCHEMA_MEMBERS].includes(member)

export function statementTraits(error: object): StatementTraits {
  const traits: StatementTraits = {}
  const { code, query, name, message } = error as { [member in string]?: unknown }
  if (typeof code === 'string' && SQLSTATE.test(code)) traits.sqlstate = code
  for (const member of SCHEMA_MEMBERS) {
    const name: unknown = Reflect.get(error, member)
    if (typeof name === 'string' && IDENTIFIER.test(name)) traits[member] = name
  }
  // `query` may mean anything in another error, such as a search term.
  const isStatement =
    name === 'StatementFailed' || (typeof message === 'string' && message.startsWith('Failed query: '))
  if (isStatement && typeof query === 'string') traits.statement = fingerprint(query)
  return traits
}

/** Cuts a text off where it begins to quote a statement or the driver, and keeps the statement's verb and table. */
export function withoutStatement(text: string): string {
  return text.replace(STATEMENT_WORDS, (words, opening: string) => {
    if (opening !== 'Failed query') return opening
    const [statement = ''] = words.slice(opening.length + 1).split('params:')
    return `${opening}: ${fingerprint(statement)}`
  })
}

const VERB = /^[\s(]*(select|with|insert|update|delete|merge|begin|commit|rollback|set)\b/i
const TABLE = String.raw`((?:"?\w+"?\.)?"?\w+"?)`
const WRITTEN = new RegExp(String.raw`\b(insert\s+into|delete\s+from|(?<!\b(?:for|do)\s+)update)\s+${TABLE}`, 'i')
const READ = new RegExp(String.raw`\b(from)\s+${TABLE}`, 'i')

/**
 * The verb and the table of a statement, such as `update users.accounts`; of one that begins with WITH those of its
 * first part that writes. Only words of the statement itself, whose values are apart from it.
 */
function fingerprint(statement: string): string {
  const verb = VERB.exec(statement)?.[1]?.toLowerCase()
  if (verb === undefined) return 'other'
  const found = (verb === 'select' ? undefined : WRITTEN.exec(statement)) ?? READ.exec(statement)
  if (found === null) return verb
  const [, action = '', table = ''] = found
  const target = `${action.toLowerCase().replace(/\s+/g, ' ')} ${table.replaceAll('"', '')}`.slice(0, 150)
  return target.startsWith(verb) ? target : `${verb} ${target}`
}
