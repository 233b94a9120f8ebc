import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { STORED_SERVICES, type StoredService } from '@shop/services'

const DB = fileURLToPath(new URL('../packages/db/', import.meta.url))
const MIGRATIONS = join(DB, 'migrations')

/** Schema files of a service beside `<service>.ts`, in the order of their references. */
const MORE_FILES: Partial<Record<StoredService['name'], string[]>> = {
  users: ['users-staff', 'users-factors', 'users-customers'],
  catalog: ['catalog-groups', 'catalog-search'],
  orders: [
    'orders-lines',
    'orders-returns',
    'orders-places',
    'orders-promotions',
    'orders-customers',
    'orders-carts',
    'orders-erasures',
    'orders-money',
    'orders-gift-cards',
    'orders-invoices',
  ],
  payments: ['stripe', 'payments-erasures'],
  notifications: ['notifications-webhooks'],
}

/** Extensions that a schema's tables need. */
const EXTENSIONS: Partial<Record<StoredService['name'], string[]>> = {
  catalog: ['pg_trgm', 'unaccent'],
}

/** Hand-written files of a service after `<service>.sql`. */
const MORE_SQL: Partial<Record<StoredService['name'], string[]>> = {
  users: ['users-staff'],
  catalog: ['catalog-search'],
}

const BREAK = '\n--> statement-breakpoint\n'

/**
 * Replaces all migrations by one baseline per service: the tables as drizzle-kit generates them from the schema, then
 * the hand-written `packages/db/baseline/<service>.sql`. For use while no shop is live; afterwards migrations are only added.
 */
export function writeBaseline(): void {
  rmSync(MIGRATIONS, { recursive: true, force: true })
  const seen: string[] = []
  for (const { name: service } of STORED_SERVICES) {
    seen.push(...[service, ...(MORE_FILES[service] ?? [])].map((file) => `./src/schema/${file}.ts`))
    execFileSync('drizzle-kit', ['generate', `--name=${service}`], {
      cwd: DB,
      env: { ...process.env, BASELINE_SCHEMAS: seen.join() },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const file = readdirSync(MIGRATIONS).find((name) => name.endsWith(`_${service}.sql`))
    if (file === undefined) throw new Error(`drizzle-kit generated no baseline of ${service}`)
    const path = join(MIGRATIONS, file)
    const extensions = (EXTENSIONS[service] ?? []).map((name) => `CREATE EXTENSION IF NOT EXISTS ${name};${BREAK}`)
    writeFileSync(path, extensions.join('') + readFileSync(path, 'utf8').trimEnd())
    for (const written of [service, ...(MORE_SQL[service] ?? [])]) {
      appendFileSync(path, BREAK + readFileSync(join(DB, 'baseline', `${written}.sql`), 'utf8').trimEnd())
    }
    appendFileSync(path, '\n')
  }
}

if (import.meta.main) writeBaseline()
