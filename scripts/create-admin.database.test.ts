import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserWithPassword } from '../workers/users/src/accounts/domain/user.ts'
import { accountRepository } from '../workers/users/src/accounts/repository/index.ts'
import { adminDatabase, createAdmin } from './create-admin.ts'

const PASSWORD = 'a long enough passphrase'

let database: ServiceDatabase
beforeAll(async () => {
  database = await startDatabase()
})
afterAll(() => database.stop())

const asked = () => Promise.reject(new Error('The password must not be asked for'))

describe('npm run admin:create', () => {
  it('makes the first administrator, and changes nothing the second time', async () => {
    const db = database.as('users')
    const admin = { email: 'first@example.com', name: 'Ada', password: async () => PASSWORD }
    expect(await createAdmin(db, admin)).toBe('Made the administrator first@example.com.')
    const made = await accountRepository(db).findByEmail('first@example.com')
    expect(made).toMatchObject({ role: 'admin', name: 'Ada' })
    expect(await createAdmin(db, { ...admin, password: asked })).toBe('first@example.com is an administrator already.')
    expect(await accountRepository(db).findByEmail('First@Example.com')).toEqual(made)
  })

  it('makes an administrator of a customer, who keeps the password', async () => {
    const db = database.as('users')
    const id = newId('user')
    const customer: UserWithPassword = {
      ...{ id, email: 'customer@example.com', emailVerified: false, name: 'Ada', locale: null, phone: null },
      ...{ marketingConsent: false, passwordHash: '$argon2id$', role: 'customer', version: 1 },
      createdAt: new Date('2026-11-23T10:00:00.000Z'),
    }
    await accountRepository(db).insertIfAbsent(customer)
    const said = await createAdmin(db, { email: customer.email, name: null, password: asked })
    expect(said).toContain('with the password of the account')
    const changed = await accountRepository(db).findByEmail(customer.email)
    expect(changed).toEqual({ ...customer, role: 'admin', version: 2, hasFactor: false })
  })

  it('makes one account of two calls at once', async () => {
    const admin = { email: 'twice@example.com', name: null, password: async () => PASSWORD }
    const said = await Promise.all([1, 2].map(() => createAdmin(database.as('users'), admin)))
    expect(said.filter((words) => words.startsWith('Made'))).toHaveLength(1)
  })

  it('refuses a password that is too short', async () => {
    const admin = { email: 'short@example.com', name: null, password: async () => 'too short' }
    await expect(createAdmin(database.as('users'), admin)).rejects.toThrow('The password')
    expect(await accountRepository(database.as('users')).findByEmail('short@example.com')).toBeUndefined()
  })

  it('uses the database that the environment names, and else the local one', () => {
    const url = 'postgresql://owner:secret@ep-cool-1.eu-central-1.aws.neon.tech/shop'
    expect(adminDatabase({ MIGRATION_DATABASE_URL: url })).toEqual({ connectionString: url, fetchEndpoint: '' })
    expect(adminDatabase({ NEON_PORT: '9999' })).toEqual({
      connectionString: 'postgresql://users_service:local@127.0.0.1/shop',
      fetchEndpoint: 'http://127.0.0.1:9999/sql',
    })
  })
})
