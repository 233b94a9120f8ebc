import type pg from 'pg'

type Sent = { query: string; params: unknown[] }

/** The plan of the very statement that `ask` sends last. */
export async function planOf(admin: pg.Client, ask: () => Promise<unknown>): Promise<string> {
  const sent: Sent[] = []
  const real = globalThis.fetch
  globalThis.fetch = (url, init) => {
    sent.push(JSON.parse(String(init?.body)))
    return real(url, init)
  }
  await ask().finally(() => {
    globalThis.fetch = real
  })
  const statement = sent.at(-1)
  const { rows } = await admin.query<{ 'QUERY PLAN': string }>(`explain ${statement?.query}`, statement?.params)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}
