import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { STORED_SERVICES } from '@shop/services'
import type { Platform } from '@shop/testing/platform'
import { sql } from 'drizzle-orm'

/** Where something was found: `users.users`, `object CartObject/…`, `redis key`, `log`. */
export type Found = { where: string; what: string }

/** A text in the forms that it may be stored or logged in: as it is, in lower case, in JSON, in a URL, and in base64. */
function formsOf(text: string): string[] {
  const plain = [text, text.toLowerCase()]
  const written = plain.flatMap((one) => [
    ...[one, JSON.stringify(one).slice(1, -1), encodeURIComponent(one), encodeURI(one)],
    new URLSearchParams({ '': one }).toString().slice(1),
  ])
  return [...new Set([...written, ...plain.flatMap(base64FormsOf)])]
}

/** Base64 of a text within a longer one: its bytes begin at any of three places. What depends on the neighbours is left out. */
function base64FormsOf(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.from(`${'x'.repeat(before)}${text}`).toString('base64url')
    const inner = whole.slice(before === 0 ? 0 : before + 1, -2)
    return [inner, inner.replaceAll('-', '+').replaceAll('_', '/')]
  })
}

type Searcher = (where: string, content: string) => Found[]

/** @param names what each text is, by the text */
export function searcherFor(names: Record<string, string>): Searcher {
  const forms = Object.entries(names).map(([what, text]) => ({ what, forms: formsOf(text) }))
  return (where, content) =>
    forms.flatMap(({ what, forms }) => (forms.some((form) => content.includes(form)) ? [{ where, what }] : []))
}

/** Every row of every table of every service. */
export async function searchDatabases({ database }: Platform, search: Searcher): Promise<Found[]> {
  const found: Found[] = []
  for (const { name, database: stored } of STORED_SERVICES) {
    const db = database.as(name)
    const tables = await db.execute<{ table: string }>(
      sql`select table_name as table from information_schema.tables where table_schema = ${stored.schema}`,
    )
    for (const { table } of tables.rows) {
      const relation = sql`${sql.identifier(stored.schema)}.${sql.identifier(table)}`
      const { rows } = await db.execute<{ row: string }>(sql`select to_jsonb(t)::text as row from ${relation} t`)
      found.push(...rows.flatMap(({ row }) => search(`${stored.schema}.${table}`, row)))
    }
  }
  return unique(found)
}

/**
 * What the shop stores. The local database has its files there, too, and is searched by its tables. The runtime's own traces of
 * requests are those of the platform, as are Cloudflare's.
 */
const isOfShop = (path: string) => !path.startsWith('/neon-emulator') && !path.includes('/observability/')

/** Every table, key and blob of the objects, caches and buckets below a directory of the local runtime. */
export function searchObjects(directory: string, search: Searcher): Found[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(directory.length))
  const found = paths.filter(isOfShop).flatMap((name) => {
    const path = join(directory, name)
    const where = `object ${name}`
    if (name.endsWith('.sqlite')) return search(where, contentOfSqlite(path))
    return name.includes('.sqlite-') ? [] : search(where, readFileSync(path, 'latin1'))
  })
  return unique(found)
}

/** All rows as text. A copy is opened, since the runtime has the file in use. */
function contentOfSqlite(path: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'search-'))
  try {
    const copy = join(directory, 'copy.sqlite')
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
    }
    const db = new DatabaseSync(copy)
    const tables = db.prepare("select name from sqlite_master where type = 'table'").all()
    const cells = tables.flatMap(({ name }) => {
      const statement = db.prepare(`select * from "${name}"`)
      // Times are in nanoseconds.
      statement.setReadBigInts(true)
      return statement.all().flatMap((row) => Object.values(row))
    })
    db.close()
    return cells.map((cell) => (cell instanceof Uint8Array ? textOf(cell) : String(cell))).join('\n')
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Serialized values have texts in one byte or two bytes per character. */
const textOf = (bytes: Uint8Array) =>
  ['utf8', 'latin1', 'utf16le'].map((encoding) => Buffer.from(bytes).toString(encoding as BufferEncoding)).join('\n')

export async function searchRedis({ upstash }: Platform, search: Searcher): Promise<Found[]> {
  const keys = await upstash.keys()
  return unique(keys.flatMap(({ key, value }) => search(`redis ${key}`, `${key} ${value}`)))
}

export const searchLogs = ({ logs }: Platform, search: Searcher): Found[] =>
  unique(logs().flatMap((line) => search('log', line)))

const unique = (found: Found[]): Found[] => [...new Map(found.map((one) => [`${one.where} ${one.what}`, one])).values()]
