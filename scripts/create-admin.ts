import { parseArgs } from 'node:util'
import { connect, type Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { Email } from '@shop/kernel/email'
import { localEnvironment } from '@shop/local-environment/environment'
import { hashPassword } from '@shop/passwords'
import { isCommonPassword } from '@shop/passwords/common'
import { loadArgon2id } from '@shop/passwords/node'
import { SHOP } from '@shop/settings/shop'
import type { UserWithPassword } from '../workers/users/src/accounts/domain/user.ts'
import { accountRepository } from '../workers/users/src/accounts/repository/index.ts'
import { passwordErrors, shopNamesOf } from '../workers/users/src/passwords/domain/password-rules.ts'
import { roleRepository } from '../workers/users/src/staff/repository/roles.ts'
import { orHelp } from './arguments.ts'
import { askHidden } from './setup-cloudflare/ask.ts'

const HELP = `npm run admin:create -- --email ada@example.com [--name "Ada Lovelace"]

  Makes an administrator: a new account, or one that exists with its own password.
  Asks for the password of a new account, unless ADMIN_PASSWORD has it.

  The database is that of MIGRATION_DATABASE_URL or USERS_DATABASE_URL, a URL of Neon.
  Without both it is the local one of npm run dev (NEON_PORT=9541).`

const RULES = { minimumLength: 15, shopNames: shopNamesOf(SHOP.legalName), isCommon: isCommonPassword }

type NewAdmin = { email: string; name: string | null; password: () => Promise<string> }

/**
 * Makes an administrator; done twice it is the same.
 *
 * @returns what it did, in words
 * @throws Error for a password that an account may not have
 */
export async function createAdmin(db: Db, { email, name, password }: NewAdmin): Promise<string> {
  const accounts = accountRepository(db)
  const known = await accounts.findByEmail(email)
  if (known?.role === 'admin') return `${email} is an administrator already.`
  if (known !== undefined) {
    await roleRepository(db).change(known.id, { from: known.role, to: 'admin' }, new Date())
    return `${email} is an administrator now, with the password of the account.`
  }
  const chosen = await password()
  const [broken] = passwordErrors({ password: chosen, field: 'password', email }, RULES)
  if (broken !== undefined) throw new Error(`The password ${broken.message}`)
  const passwordHash = hashPassword(await loadArgon2id(), chosen)
  const account: UserWithPassword = {
    ...{ id: newId('user'), email, emailVerified: false, name, locale: null, phone: null, marketingConsent: false },
    ...{ role: 'admin', passwordHash, createdAt: new Date(), version: 1 },
  }
  const isNew = await accounts.insertIfAbsent(account)
  return isNew ? `Made the administrator ${email}.` : createAdmin(db, { email, name, password })
}

/** The database that the environment names, or that of the local shop. */
export function adminDatabase(env: NodeJS.ProcessEnv): { connectionString: string; fetchEndpoint: string } {
  const connectionString = env.MIGRATION_DATABASE_URL || env.USERS_DATABASE_URL
  if (connectionString) return { connectionString, fetchEndpoint: env.NEON_FETCH_ENDPOINT ?? '' }
  const neonUrl = `http://127.0.0.1:${env.NEON_PORT || 9541}/sql`
  const { USERS_DATABASE_URL = '' } = localEnvironment({ neonUrl, stripeUrl: '', signingKeys: '' })
  return { connectionString: USERS_DATABASE_URL, fetchEndpoint: neonUrl }
}

async function main(): Promise<void> {
  const options = { email: { type: 'string' }, name: { type: 'string' } } as const
  const { values } = orHelp(HELP, () => parseArgs({ options }))
  const email = Email.safeParse(values.email)
  if (!email.success) throw new Error(`--email must be an e-mail address.\n\n${HELP}`)
  const password = async () => process.env.ADMIN_PASSWORD || askHidden(`Password of ${email.data}`)
  console.log(
    await createAdmin(connect(adminDatabase(process.env)), { email: email.data, name: values.name ?? null, password }),
  )
}

if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `\n${error.cause.message}` : ''
    console.error(`${error instanceof Error ? error.message : error}${cause}`)
    process.exitCode = 1
  }
}
