import type { TooManyAddresses } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { sqlState } from '@shop/db/errors'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { addresses, users } from '@shop/db/schema/users'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId, type UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, asc, eq, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import { type CustomerAddress, type DefaultChoice, MAX_ADDRESSES } from '../domain/customer-address.ts'
import { ADDRESS_COLUMNS, toCustomerAddress } from './rows.ts'

export type AddressRepository = ReturnType<typeof addressRepository>

type Unchanged = Pick<CustomerAddress, 'id' | 'userId' | 'version'>

/**
 * The address books of customers. The row of the account counts its addresses and names its defaults, so that exactly one is the
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

  /** Saves a new address; the first one becomes the default of both kinds. Its flags are those after it. */
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
            default_shipping_address_id = case when ${chosen.defaultShipping}::boolean or address_count = 0 then ${id} else default_shipping_address_id end,
            default_billing_address_id = case when ${chosen.defaultBilling}::boolean or address_count = 0 then ${id} else default_billing_address_id end
          where id = ${userId} and address_count < ${MAX_ADDRESSES}
          returning id, default_shipping_address_id, default_billing_address_id),
        created as (
          insert into ${addresses} (id, user_id, address, created_at, updated_at)
          select ${id}, owner.id, ${JSON.stringify(address)}::jsonb, ${at}, ${at} from owner returning id)
        ${keyedBy(key, sql`created`, createdAt)}
        select default_shipping_address_id = ${id} as shipping, default_billing_address_id = ${id} as billing from owner`)
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
          default_shipping_address_id = case when ${chosen.defaultShipping}::boolean then changed.id else default_shipping_address_id end,
          default_billing_address_id = case when ${chosen.defaultBilling}::boolean then changed.id else default_billing_address_id end
        from changed where person.id = changed.user_id
        returning default_shipping_address_id, default_billing_address_id)
      select default_shipping_address_id = ${id} as shipping, default_billing_address_id = ${id} as billing from owner`)
    const [saved] = rows
    return saved && { ...changed, isDefaultShipping: saved.shipping, isDefaultBilling: saved.billing }
  },

  /**
   * Deletes an address. Where it was a default, the oldest of the others becomes it.
   *
   * The statement sees the other addresses as they were before it waited for another writer. If that one deleted the new default,
   * or added the first address of an emptied book, a constraint refuses the statement.
   *
   * @returns false when it is gone, or another writer won since it was read
   */
  async delete({ id, userId, version }: Unchanged): Promise<boolean> {
    const oldestOther = sql`(
      select other.id from ${addresses} other where other.user_id = person.id and other.id <> gone.id order by other.id limit 1)`
    try {
      const { rows } = await db.execute(sql`
        with held as (select id from ${users} where id = ${userId} for no key update),
        gone as (
          delete from ${addresses} entry using held
          where entry.user_id = held.id and entry.id = ${id} and entry.version = ${version}
          returning entry.id, entry.user_id),
        owner as (
          update ${users} person set address_count = address_count - 1,
            default_shipping_address_id = case when default_shipping_address_id = gone.id then ${oldestOther} else default_shipping_address_id end,
            default_billing_address_id = case when default_billing_address_id = gone.id then ${oldestOther} else default_billing_address_id end
          from gone where person.id = gone.user_id)
        select id from gone`)
      return rows.length === 1
    } catch (error) {
      if (LOST_TO_ANOTHER.has(sqlState(error) ?? '')) return false
      throw error
    }
  },
})

/** Violations of foreign keys and CHECKs: the defaults of an account are addresses that exist, and none only for an empty book. */
const LOST_TO_ANOTHER = new Set(['23503', '23514'])
