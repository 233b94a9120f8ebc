import type { TooManyAddresses } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { addresses, users } from '@shop/db/schema/users'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId, type UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import { type CustomerAddress, type DefaultChoice, MAX_ADDRESSES } from '../domain/customer-address.ts'
import { ADDRESS_COLUMNS, toCustomerAddress } from './rows.ts'

export type AddressRepository = ReturnType<typeof addressRepository>

type Unchanged = Pick<CustomerAddress, 'id' | 'userId' | 'version'>

/**
 * The address books of customers. The row of the account counts its addresses and names its defaults, so that at most one is the
 * default of each kind. Every write locks that row before an address, so no two wait for each other.
 */
export const addressRepository = (db: Db) => ({
  /** Oldest first; by the index addresses_of_user. */
  async list(userId: UserId): Promise<CustomerAddress[]> {
    const rows = await db
      .select(ADDRESS_COLUMNS)
      .from(addresses)
      .innerJoin(users, eq(users.id, addresses.userId))
      .where(eq(addresses.userId, userId))
      .orderBy(asc(addresses.id))
    return rows.map(toCustomerAddress)
  },

  /** Somebody else's reads as absent. */
  async find(userId: UserId, id: string): Promise<CustomerAddress | undefined> {
    if (!isId('address', id)) return undefined
    const [row] = await db
      .select(ADDRESS_COLUMNS)
      .from(addresses)
      .innerJoin(users, eq(users.id, addresses.userId))
      .where(and(eq(addresses.userId, userId), eq(addresses.id, id)))
    return row && toCustomerAddress(row)
  },

  /** Saves a new address; the first one becomes the default of both kinds, unless it is not to. Its flags are those after it. */
  async insert(
    draft: CustomerAddress,
    chosen: DefaultChoice,
    key?: IdempotencyKey,
  ): Promise<Result<CustomerAddress, TooManyAddresses | KeyKnown>> {
    const { id, userId, address, createdAt } = draft
    const at = sql`${createdAt.toISOString()}::timestamptz`
    return withFreshKey(async () => {
      const { rows } = await db.execute<{ shipping: boolean; billing: boolean }>(sql`
        with owner as (
          update ${users} set address_count = address_count + 1,
            default_shipping_address_id = case when ${isDefault(chosen.defaultShipping)} then ${id} else default_shipping_address_id end,
            default_billing_address_id = case when ${isDefault(chosen.defaultBilling)} then ${id} else default_billing_address_id end
          where id = ${userId} and address_count < ${MAX_ADDRESSES}
          returning id, default_shipping_address_id, default_billing_address_id),
        created as (
          insert into ${addresses} (id, user_id, address, created_at, updated_at)
          select ${id}, owner.id, ${JSON.stringify(address)}::jsonb, ${at}, ${at} from owner returning id)
        ${keyedBy(key, sql`created`, createdAt)}
        select ${flagsOf(id)} from owner`)
      const [saved] = rows
      if (saved === undefined) return fail({ code: 'too_many_addresses', maximum: MAX_ADDRESSES })
      return ok({ ...draft, isDefaultShipping: saved.shipping, isDefaultBilling: saved.billing })
    })
  },

  /** @returns undefined when it is gone, or another writer won since the version before */
  async save(changed: CustomerAddress, chosen: DefaultChoice): Promise<CustomerAddress | undefined> {
    const { id, userId, address, version, updatedAt } = changed
    const { rows } = await db.execute<{ shipping: boolean; billing: boolean }>(sql`
      with held as (select id from ${users} where id = ${userId} for no key update),
      changed as (
        update ${addresses} entry
        set address = ${JSON.stringify(address)}::jsonb, version = ${version}, updated_at = ${updatedAt.toISOString()}::timestamptz
        from held where entry.user_id = held.id and entry.id = ${id} and entry.version = ${version - 1}
        returning entry.id, entry.user_id),
      owner as (
        update ${users} person set
          default_shipping_address_id = ${chosenOr(chosen.defaultShipping, sql`default_shipping_address_id`)},
          default_billing_address_id = ${chosenOr(chosen.defaultBilling, sql`default_billing_address_id`)}
        from changed where person.id = changed.user_id
        returning default_shipping_address_id, default_billing_address_id)
      select ${flagsOf(id)} from owner`)
    const [saved] = rows
    return saved && { ...changed, isDefaultShipping: saved.shipping, isDefaultBilling: saved.billing }
  },

  /**
   * Deletes an address. Where it was a default, the oldest of the others becomes it.
   *
   * One transaction, whose first statement waits for other writers of the book: only a statement that begins after them sees the
   * other addresses as they are.
   *
   * @returns false when it is gone, or another writer won since it was read
   */
  async delete({ id, userId, version }: Unchanged): Promise<boolean> {
    const oldestOther = sql`(
      select other.id from ${addresses} other where other.user_id = person.id and other.id <> gone.id order by other.id limit 1)`
    const deletion = sql`
      with gone as (
        delete from ${addresses} entry
        where entry.user_id = ${userId} and entry.id = ${id} and entry.version = ${version}
        returning entry.id, entry.user_id),
      owner as (
        update ${users} person set address_count = address_count - 1,
          default_shipping_address_id = case when default_shipping_address_id = gone.id then ${oldestOther} else default_shipping_address_id end,
          default_billing_address_id = case when default_billing_address_id = gone.id then ${oldestOther} else default_billing_address_id end
        from gone where person.id = gone.user_id)
      select id from gone`
    const [, { rows }] = await db.batch([
      db.execute(sql`select from ${users} where id = ${userId} for no key update`),
      db.execute(deletion),
    ])
    return rows.length === 1
  },
})

const choice = (chosen: boolean | undefined) => sql`${chosen ?? null}::boolean`

/** Whether a new address becomes the default of a kind. */
const isDefault = (chosen: boolean | undefined) => sql`coalesce(${choice(chosen)}, address_count = 0)`

/** The default of a kind after the change of an address, from the one before it. */
const chosenOr = (chosen: boolean | undefined, before: SQL) =>
  sql`case when ${choice(chosen)} then changed.id when not ${choice(chosen)} and ${before} = changed.id then null else ${before} end`

const flagsOf = (id: string) =>
  sql`coalesce(default_shipping_address_id = ${id}, false) as shipping, coalesce(default_billing_address_id = ${id}, false) as billing`
