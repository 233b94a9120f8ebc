import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { currency } from '@shop/kernel/currencies'
import { startDatabase } from '@shop/testing/database'
import { type PlanNode, plansOf } from '@shop/testing/plans'
import pg from 'pg'
import type { ProductFilters } from '../workers/catalog/src/search/domain/filters.ts'
import { type ProductQuery, searchRepository } from '../workers/catalog/src/search/repository/index.ts'
import { DECLARE_ATTRIBUTES, FILL_CATALOGUE, FILL_SEARCH } from './catalogue.ts'

const RUNS = 61
const USD = currency('USD')
const SIZE = [{ name: 'size', values: ['M'] }]
const DEEP = { key: new Date(Date.now() - 50_000_000).toISOString(), id: 50_000 }

type Shape = ProductFilters & Partial<Omit<ProductQuery, 'filters'>>

/** The shapes of the queries of lists, by what a client asks for. */
const SHAPES: Record<string, Shape> = {
  list: {},
  'list, page 2,500': { after: DEEP },
  '?category=': { category: 'category-3' },
  '?search=linen+shirt': { search: 'linen shirt' },
  '?search=many (all products)': { search: 'many' },
  '?search=linen+shirt&sort=relevance': { search: 'linen shirt', order: 'relevance' },
  '?search=many&sort=relevance': { search: 'many', order: 'relevance' },
  '?search=SKU-777-1': { search: 'SKU-777-1' },
  '?search=wol+blankt (corrected)': { search: 'wol blankt' },
  '?search=te': { search: 'te' },
  '?search=linen+shirt&locale=de': { search: 'linen shirt', locale: 'de' },
  '?sort=price': { order: 'price' },
  '?sort=name': { order: 'name' },
  '?sort=best_selling': { order: 'best_selling' },
  '?brand=': { brands: ['Brand 7'] },
  '?category=&in_stock=true&option.size=&sort=price': {
    category: 'category-60',
    isInStock: true,
    options: SIZE,
    order: 'price',
  },
  '?price_min=&price_max=': { price: { min: 1_000, max: 1_050 } },
  '?search=linen+shirt&facets=true': { search: 'linen shirt', withFacets: true },
  '?search=linen+shirt&brand=&option.size=&facets=true': {
    search: 'linen shirt',
    brands: ['Brand 7'],
    options: SIZE,
    withFacets: true,
  },
  '?search=many&facets=true': { search: 'many', withFacets: true },
  '?category=&facets=true': { category: 'category-60', withFacets: true },
  '?facets=true&total=estimate': { withFacets: true, withTotal: true },
}

const database = await startDatabase()
const admin = new pg.Client({ connectionString: database.adminUrl })
await admin.connect()
await admin.query('set session_replication_role = replica')
await admin.query(FILL_CATALOGUE)
await admin.query(DECLARE_ATTRIBUTES)
await admin.query('set session_replication_role = origin')
await admin.query(FILL_SEARCH)
await admin.query('vacuum analyze')

const search = searchRepository(database.as('catalog'), USD)
console.log('| query | p50 ms | CPU ms | reads (rows) |\n|---|---|---|---|')
for (const [name, { order = 'newest', after, withFacets, withTotal, locale, ...filters }] of Object.entries(SHAPES)) {
  await report(name, () => search.list({ filters, order, after, withFacets, withTotal, locale, limit: 21 }))
}
for (const text of ['l', 'linen s', 'brand 1'])
  await report(`suggest ?q=${text}`, () => search.suggest(text, { limit: 5 }))
await admin.end()
await database.stop()

async function report(name: string, run: () => Promise<unknown>): Promise<void> {
  await run()
  const cpuBefore = await cpuMs()
  const times: number[] = []
  for (let n = 0; n < RUNS; n += 1) {
    const begun = performance.now()
    await run()
    times.push(performance.now() - begun)
  }
  times.sort((one, other) => one - other)
  const cpu = ((await cpuMs()) - cpuBefore) / RUNS
  const p50 = times[Math.floor(RUNS / 2)] ?? Number.NaN
  const reads = (await plansOf(admin, run)).flatMap(scansIn)
  console.log(`| \`${name}\` | ${p50.toFixed(1)} | ${cpu.toFixed(1)} | ${[...new Set(reads)].join('; ')} |`)
}

/** The CPU that Postgres has used for the connections of the catalogue, which other work on the machine hardly changes. */
async function cpuMs(): Promise<number> {
  const { rows } = await admin.query<{ pid: number }>(
    "select pid from pg_stat_activity where usename = 'catalog_service'",
  )
  const used = rows.map(async ({ pid }) => Number((await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ')[0]))
  return (await Promise.all(used)).reduce((sum, nanoseconds) => sum + nanoseconds / 1e6, 0)
}

/** The scans that were executed, with the rows that they visited; look-ups by primary key are left out. */
function scansIn(node: PlanNode): string[] {
  const below = (node.Plans ?? []).flatMap(scansIn)
  const scanned = node['Index Name'] ?? (node['Node Type'] === 'Seq Scan' ? node['Relation Name'] : undefined)
  if (scanned === undefined || node['Actual Loops'] === 0 || /_pkey$|_pk$/.test(scanned)) return below
  return [...below, `${node['Node Type']} ${scanned} (${Math.round(node['Actual Rows'] * node['Actual Loops'])})`]
}
