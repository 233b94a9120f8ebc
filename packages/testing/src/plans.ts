type Sent = { query: string; params: unknown[] }

/** A connection that may explain statements, such as a client of pg. */
type Connection = { query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }> }

/** Postgres' plan of the last statement that `run` sends over HTTP, or of all those that it sends together. */
export async function planOf(admin: Connection, run: () => Promise<unknown>): Promise<string> {
  const lines: unknown[] = []
  for (const { query, params } of await lastSent(run)) {
    const { rows } = await admin.query(`explain ${query}`, params)
    lines.push(...rows.map((row) => row['QUERY PLAN']))
  }
  return lines.join('\n')
}

/**
 * How Postgres reads a table for the last statement that `run` sends over HTTP: the kinds of its scans, and the rows they
 * visit, those that a filter drops included.
 */
export async function scansOf(
  admin: Connection,
  table: string,
  run: () => Promise<unknown>,
): Promise<{ kinds: string[]; rows: number }> {
  const plans = await plansOf(admin, run)
  const scans = plans.flatMap(nodesOf).filter((node) => node['Relation Name'] === table)
  return {
    kinds: [...new Set(scans.map((scan) => scan['Node Type']))],
    rows: scans.reduce((sum, scan) => sum + visitedBy(scan), 0),
  }
}

/** The plans of what `run` sends last, executed once more. */
export async function plansOf(admin: Connection, run: () => Promise<unknown>): Promise<PlanNode[]> {
  const rows: Record<string, unknown>[] = []
  for (const { query, params } of await lastSent(run)) {
    rows.push(...(await admin.query(`explain (analyze, format json) ${query}`, params)).rows)
  }
  return rows.flatMap((row) => row['QUERY PLAN'] as { Plan: PlanNode }[]).map(({ Plan }) => Plan)
}

/** Postgres documents these names: https://www.postgresql.org/docs/current/sql-explain.html */
export type PlanNode = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: PlanNode[]
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

function visitedBy(scan: PlanNode): number {
  const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Index Recheck': rechecked = 0 } = scan
  return (scan['Actual Rows'] + filtered + rechecked) * scan['Actual Loops']
}

async function lastSent(run: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[][] = []
  const real = globalThis.fetch
  globalThis.fetch = (url, init) => {
    const body = JSON.parse(String(init?.body)) as Sent | { queries: Sent[] }
    sent.push('queries' in body ? body.queries : [body])
    return real(url, init)
  }
  await run().finally(() => {
    globalThis.fetch = real
  })
  const last = sent.at(-1)
  if (last === undefined) throw new Error('No statement was sent')
  return last
}
