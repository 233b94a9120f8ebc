import { readFileSync } from 'node:fs'
import { PgDialect } from 'drizzle-orm/pg-core'
import { currency } from '@shop/kernel/currencies'
import pg from 'pg'
import { countStatement } from '../workers/catalog/src/search/repository/counted.ts'
import { foundStatement } from '../workers/catalog/src/search/repository/found.ts'
import { suggestStatement } from '../workers/catalog/src/search/repository/suggestions.ts'
const [adminUrl] = readFileSync('/tmp/scratch-search/url', 'utf8').split('\n')
const admin = new pg.Client({ connectionString: adminUrl })
await admin.connect()
const q = JSON.parse(process.argv[2]!)
const s = process.argv[3] === 'suggest' ? suggestStatement(q, 5) : process.argv[3] === 'count' ? countStatement({ filters: {}, currency: currency('USD'), withFacets: true, ...q }) : foundStatement({ filters: {}, order: 'newest', limit: 21, defaultCurrency: currency('USD'), ...q })
const { sql, params } = new PgDialect().sqlToQuery(s)
for (let i = 0; i < 2; i++) await admin.query(sql, params)
const { rows } = await admin.query(`explain (analyze, timing ${process.argv[4] ?? 'on'}) ${sql}`, params)
console.log(rows.map((r) => r['QUERY PLAN']).join('\n'))
await admin.end()
