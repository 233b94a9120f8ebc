import { readFileSync } from 'node:fs'
import { connect } from '@shop/db/client'
import { planOf } from '@shop/testing/plans'
import { currency } from '@shop/kernel/currencies'
import pg from 'pg'
import { searchRepository } from '../workers/catalog/src/search/repository/index.ts'
const [adminUrl, neon, conn] = readFileSync('/tmp/scratch-search/url', 'utf8').split('\n')
const admin = new pg.Client({ connectionString: adminUrl })
await admin.connect()
const db = connect({ connectionString: conn!, fetchEndpoint: neon! })
const search = searchRepository(db, currency('USD'))
const shapes: Record<string, any> = JSON.parse(process.argv[2] ?? '{}')
for (const [name, q] of Object.entries(shapes)) {
  const query = { order: 'newest', limit: 21, filters: {}, ...q }
  const times: number[] = []
  let r: any
  for (let n = 0; n < Number(process.argv[4] ?? 5); n++) { const t = performance.now(); r = await search.list(query); times.push(performance.now() - t) }
  times.sort((a, b) => a - b)
  console.log(name, times.map((t) => t.toFixed(0)).join(' '), r.products.length, JSON.stringify(r.products.slice(0, 2).map((p: any) => [p.id, p.name, p.position, p.isCorrected])), JSON.stringify(r.total), JSON.stringify(r.facets)?.slice(0, 300))
  if (process.argv[3]) {
    const { withFacets, withTotal, ...rest } = query
    const plan = await planOf(admin, () => search.list(rest))
    if (process.argv[3] === 'plan') console.log(plan)
    else if (plan.includes('Seq Scan')) console.log('  SEQ', plan.split('\n').filter((l) => l.includes('Seq Scan')))
  }
}
await admin.end()
