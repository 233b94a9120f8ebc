/** What is said of an item: which tests show it, where it is written, why it needs neither, or what is missing. */
export const STATES = ['shown', 'documented', 'platform', 'by design', 'not met', 'n/a'] as const
export type State = (typeof STATES)[number]

/** A row of docs/asvs.md: an item, or all other items of a section or chapter. */
export type Row = { id: string; level: string; state: State; evidence: string; heading: string; line: string }

const ROW = /^\| (V\d+(?:\.\d+){0,2}) \| ([12]?) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/

/**
 * Reads the tables of the page.
 *
 * @throws Error for a row that cannot be read, or that says something else than one of the states
 */
export function readRows(page: string): Row[] {
  let heading = ''
  const rows: Row[] = []
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) heading = line.slice(3)
    if (!line.startsWith('| V')) continue
    const [, id = '', level = '', name = '', evidence = ''] = ROW.exec(line) ?? []
    const state = STATES.find((one) => one === name)
    if (state === undefined) throw new Error(`The row cannot be read: ${line}`)
    rows.push({ id, level, state, evidence, heading, line })
  }
  return rows
}

/** The items that a row covers: its own, or those below it that have no row of their own. */
export function itemsOf(row: Row, rows: Row[], items: readonly string[]): string[] {
  if (items.includes(row.id)) return [row.id]
  const longer = rows.map(({ id }) => id).filter((id) => id.startsWith(`${row.id}.`))
  return items.filter(
    (item) => item.startsWith(`${row.id}.`) && !longer.some((id) => item === id || item.startsWith(`${id}.`)),
  )
}

/** The tests that a page names: `` `path/to/file.test.ts > title` ``. */
export function namedTests(page: string): { path: string; title: string }[] {
  return [...page.matchAll(/`([\w./-]+\.test\.ts) > ([^`]+)`/g)].map(([, path = '', title = '']) => ({ path, title }))
}
