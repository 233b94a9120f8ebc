type Sent = { query: string; params: unknown[] }

/** A connection that may explain statements, such as a client of pg. */
type Connection = { query(text: string, values?: unknown[]): Promise<{ rows: Record<string, string>[] }> }

/** Postgres' plan of the last statement that `run` sends over HTTP. */
export async function planOf(admin: Connection, run: () => Promise<unknown>): Promise<string> {
  const sent: Sent[] = []
  const real = globalThis.fetch
  globalThis.fetch = (url, init) => {
    sent.push(JSON.parse(String(init?.body)))
    return real(url, init)
  }
  await run().finally(() => {
    globalThis.fetch = real
  })
  const statement = sent.at(-1)
  const { rows } = await admin.query(`explain ${statement?.query}`, statement?.params)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}
