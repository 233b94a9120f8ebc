const CONTRACT = /^\s*-- contract: \S/
const ADDED_COLUMN = /^alter table (\w+) add column (.+)$/is

/**
 * What in a step of an object's tables (`migrateObject`) code of the version before would not survive: it meets the new
 * tables when the deployment is rolled back. Nothing for a step that only adds, or that says why it removes something.
 */
export function harmsOf(step: string): string[] {
  if (CONTRACT.test(step)) return []
  const added = new Set<string>()
  return statementsOf(step).filter((statement) => !isAdditive(statement, added))
}

/** Statements without comments. A trigger's body has semicolons of its own. */
function statementsOf(step: string): string[] {
  const text = step.replace(/--.*$/gm, ' ')
  const parts = text.match(/\s*create trigger[\s\S]*?\bend\b|[^;]+/gi) ?? []
  return parts.map((part) => part.replace(/\s+/g, ' ').trim()).filter((part) => part !== '')
}

/** @param added the tables that the step has made, of which older code knows nothing */
function isAdditive(statement: string, added: Set<string>): boolean {
  const [, table] = /^create table (?:if not exists )?(\w+)/i.exec(statement) ?? []
  if (table !== undefined) {
    added.add(table)
    return true
  }
  const [, , column] = ADDED_COLUMN.exec(statement) ?? []
  if (column !== undefined) return isOptional(column)
  if (/^create index /i.test(statement)) return true
  // A unique index, a trigger or a changed row could stop older code, unless it is about a table of this step.
  const [, subject] = /(?:\bon|\binto|^update) (\w+)/i.exec(statement) ?? []
  return subject !== undefined && added.has(subject) && /^(?:create|insert|update)\b/i.test(statement)
}

/** Older code inserts rows without it. */
function isOptional(column: string): boolean {
  const isRequired = /\bnot null\b/i.test(column) && !/\bdefault\b/i.test(column)
  return !isRequired && !/\b(?:unique|primary key|check)\b/i.test(column)
}
