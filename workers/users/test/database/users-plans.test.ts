import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf, scansOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOW, newAccountToken } from '../support/people.ts'
import { type UsersRepositories, usersRepositories } from '../support/repositories.ts'

let database: ServiceDatabase
let admin: pg.Client
let shop: UsersRepositories

const ACCOUNTS = 40_000

beforeAll(async () => {
  database = await startDatabase()
  shop = usersRepositories(database.as('users'))
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(`
    insert into users.users (id, email, email_key, name, role, password_hash, created_at, updated_at)
    select 'user_' || n, md5(n::text) || '@example.com', md5(n::text) || '@example.com', 'Name ' || md5((-n)::text),
           'customer', 'x', now() - n * interval '1 second', now()
    from generate_series(1, ${ACCOUNTS}) n`)
  await admin.query(`
    insert into users.account_tokens (subject, kind, user_id, token_id, token_hash, created_at, expires_at)
    select 'user_' || n, 'verification', 'user_' || n, md5(n::text), md5(n::text), now(), now() + interval '1 hour'
    from generate_series(1, ${ACCOUNTS}) n`)
  await admin.query('vacuum analyze')
})
afterAll(async () => {
  await admin.end()
  await database.stop()
})

const list = (search: string | undefined, after?: { sortKey: string; id: string }) =>
  shop.accounts.list({ search, after, limit: 21 })
const visited = async (run: () => Promise<unknown>) => (await scansOf(admin, 'users', run)).rows

describe(`with ${ACCOUNTS} accounts`, () => {
  it('staff find some by the beginning of an address or a name without reading the others', async () => {
    const [someone] = await list(undefined)
    expect(await visited(() => list(someone?.email.slice(0, 12)))).toBeLessThan(20)
    expect(await visited(() => list(someone?.name?.toUpperCase().slice(0, 15)))).toBeLessThan(20)
    expect(await visited(() => list('nobody whose name or address begins so'))).toBe(0)
  })

  it('staff read a page of all of them, the first one or a later one, without reading the others', async () => {
    expect(await visited(() => list(undefined))).toBeLessThan(50)
    const after = { sortKey: new Date(Date.now() - (ACCOUNTS / 2) * 1_000).toISOString(), id: 'user_0' }
    expect(await visited(() => list(undefined, after))).toBeLessThan(50)
  })

  it('a token is requested, used and pruned by keys', async () => {
    const email = 'nobody@example.com'
    const calls = [
      () => shop.tokens.requestByEmail({ kind: 'verification', email, token: newAccountToken() }),
      () => shop.emails.verify({ tokenHash: 'unknown', now: NOW }),
      () => shop.hashes.reset({ userId: 'user_0', tokenHash: 'unknown', passwordHash: 'x', now: NOW }),
      () => shop.emails.change({ userId: 'user_0', tokenHash: 'unknown', now: NOW }),
      () => shop.mails.list([1, 2], NOW),
      () => shop.tokens.prune(NOW),
    ]
    for (const call of calls) expect(await planOf(admin, call)).not.toMatch(/Seq Scan on (users|account_tokens)/)
  })
})
