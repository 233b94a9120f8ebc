import { startDatabase } from '@shop/testing/database'
import pg from 'pg'
import { writeFileSync } from 'node:fs'
import { DECLARE_ATTRIBUTES, FILL_CATALOGUE } from './catalogue.ts'
const database = await startDatabase()
const admin = new pg.Client({ connectionString: database.adminUrl })
await admin.connect()
let t = Date.now()
await admin.query(FILL_CATALOGUE)
console.log('filled', Date.now() - t); t = Date.now()
await admin.query(DECLARE_ATTRIBUTES)
await admin.query('vacuum analyze')
console.log('vacuumed', Date.now() - t)
writeFileSync('/tmp/scratch-search/url', database.adminUrl + '\n' + database.neonEndpoint + '\n' + database.connectionString('catalog_service'))
console.log(database.adminUrl)
setInterval(() => {}, 1000)
