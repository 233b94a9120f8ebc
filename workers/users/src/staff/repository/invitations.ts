import type { EmailTaken, InvitationNotFound } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { eventCtes } from '@shop/db/events/write'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { users, usersEventRows, usersEvents } from '@shop/db/schema/users'
import { invitations } from '@shop/db/schema/users-staff'
import type { KeyKnown } from '@shop/kernel/create-once'
import { normalEmail } from '@shop/kernel/email'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { InvitationId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { User } from '../../accounts/domain/user.ts'
import { accountEvents } from '../../accounts/repository/account-events.ts'
import { keyedBy } from '../../idempotency/repository.ts'
import { GRANTS } from '../domain/grants.ts'
import type { Invitation } from '../domain/invitation.ts'

export type InvitationRepository = ReturnType<typeof invitationRepository>

/** What an accepted invitation becomes; its e-mail address and role are those of the invitation. */
export type NewStaff = { userId: UserId; name: string; passwordHash: string; tokenHash: string; now: Date }

const COLUMNS = {
  id: invitations.id,
  email: invitations.email,
  role: invitations.role,
  invitedBy: invitations.invitedBy,
  createdAt: invitations.createdAt,
  expiresAt: invitations.expiresAt,
  acceptedAt: invitations.acceptedAt,
  revokedAt: invitations.revokedAt,
}

/** The invitations in Postgres; each call is one round trip. */
export const invitationRepository = (db: Db) => ({
  /** Saves an invitation with its event, unless its address has an account. */
  async insert(
    { email, ...invitation }: Invitation,
    tokenHash: string,
    key?: IdempotencyKey,
  ): Promise<Result<undefined, EmailTaken | KeyKnown>> {
    const { id, role, invitedBy, createdAt, expiresAt } = invitation
    const emailKey = normalEmail(email)
    const written = eventCtes(usersEvents, {
      name: 'written',
      types: ['staff.invited'],
      rows: sql`
        select 'staff.invited'::text as type, id as key, 1 as sequence,
               jsonb_build_object('invitationId', id, 'role', role) as payload, created_at
        from inserted`,
    })
    const statement = sql`
      with inserted as (
        insert into ${invitations} (id, email, email_key, role, token_hash, invited_by, created_at, expires_at)
        select ${id}, ${email}, ${emailKey}, ${role}, ${tokenHash}, ${invitedBy}, ${createdAt.toISOString()}::timestamptz,
               ${expiresAt.toISOString()}::timestamptz
        where not exists (select 1 from ${users} where email_key = ${emailKey})
        returning *
      ), ${written} ${keyedBy(key, sql`inserted`, createdAt)} select id from inserted`
    return withFreshKey(async () => {
      const { rows } = await db.execute(statement)
      return rows.length === 1 ? ok() : fail({ code: 'email_taken' })
    })
  },

  async find(id: string): Promise<Invitation | undefined> {
    const [row] = await db.select(COLUMNS).from(invitations).where(eq(invitations.id, id))
    return row && toInvitation(row)
  },

  /** Newest first, by keyset over the primary key. */
  async list({ before, limit }: { before: string | undefined; limit: number }): Promise<Invitation[]> {
    const where = before === undefined ? undefined : lt(invitations.id, before)
    const rows = await db.select(COLUMNS).from(invitations).where(where).orderBy(desc(invitations.id)).limit(limit)
    return rows.map(toInvitation)
  },

  /** The invitation, with the hash of its token, while it is open. */
  async findOpen(by: { id: InvitationId } | { tokenHash: string }, now: Date) {
    const [row] = await db
      .select({ ...COLUMNS, tokenHash: invitations.tokenHash })
      .from(invitations)
      .where(and('id' in by ? eq(invitations.id, by.id) : eq(invitations.tokenHash, by.tokenHash), isOpen(now)))
    return row && { ...toInvitation(row), tokenHash: row.tokenHash }
  },

  /** The open invitations that events announced, with the hashes of their tokens. */
  async listOpen(eventIds: readonly number[], now: Date) {
    if (eventIds.length === 0) return []
    const rows = await db
      .select({ ...COLUMNS, eventId: usersEventRows.id, tokenHash: invitations.tokenHash })
      .from(usersEventRows)
      .innerJoin(invitations, eq(invitations.id, usersEventRows.key))
      .where(and(inArray(usersEventRows.id, [...eventIds]), eq(usersEventRows.type, 'staff.invited'), isOpen(now)))
    return rows.map(({ eventId, tokenHash, ...row }) => ({ ...toInvitation(row), eventId, tokenHash }))
  },

  /** Ends an open invitation. @returns undefined when there is none; one that was revoked before stays as it is */
  async revoke(id: InvitationId, now: Date): Promise<Invitation | undefined> {
    const [row] = await db
      .update(invitations)
      .set({ revokedAt: sql`coalesce(${invitations.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(and(eq(invitations.id, id), isNull(invitations.acceptedAt)))
      .returning(COLUMNS)
    return row && toInvitation(row)
  },

  /**
   * Takes an invitation: makes the account with its events, in one statement. Of two at once the second waits
   * for the first and then finds it taken. An invitation of somebody who may no longer grant its role counts no more.
   */
  async accept(staff: NewStaff): Promise<Result<User, InvitationNotFound | EmailTaken>> {
    const now = staff.now.toISOString()
    const grants = sql.join(
      GRANTS.map(({ granter, granted }) => sql`(${granter}, ${granted})`),
      sql`, `,
    )
    const written = accountEvents('inserted', ['customer.registered', 'customer.email_verified'])
    try {
      const { rows } = await db.execute<{ email: string; role: User['role'] }>(sql`
        with taken as (
          update ${invitations} set accepted_at = ${now}::timestamptz, accepted_by = ${staff.userId}
          where token_hash = ${staff.tokenHash} and accepted_at is null and revoked_at is null
            and expires_at > ${now}::timestamptz and exists (
              select 1 from ${users} inviter
              join (values ${grants}) allowed (granter, granted) on allowed.granter = inviter.role
              where inviter.id = invitations.invited_by and allowed.granted = invitations.role)
          returning email, email_key, role
        ), inserted as (
          insert into ${users} (id, email, email_key, email_verified_at, name, role, password_hash, created_at, updated_at)
          select ${staff.userId}, email, email_key, ${now}::timestamptz, ${staff.name}, role, ${staff.passwordHash},
                 ${now}::timestamptz, ${now}::timestamptz
          from taken
          returning *
        ), ${written} select email, role from inserted`)
      const [row] = rows
      if (row === undefined) return fail({ code: 'invitation_not_found' })
      return ok({
        // The invitation was mailed to the address.
        ...{ id: staff.userId, email: row.email, emailVerified: true, name: staff.name, role: row.role },
        ...{ locale: null, phone: null, marketingConsent: false, createdAt: staff.now, version: 1 },
      })
    } catch (error) {
      if (isUniqueViolation(error, 'users_email_unique')) return fail({ code: 'email_taken' })
      throw error
    }
  },

  /** Deletes what ended before `before`, since it has an e-mail address. @returns how many */
  async prune(before: Date): Promise<number> {
    const pruned = await db
      .delete(invitations)
      .where(lt(invitations.expiresAt, before))
      .returning({ id: invitations.id })
    return pruned.length
  },
})

const isOpen = (now: Date) =>
  sql`${invitations.acceptedAt} is null and ${invitations.revokedAt} is null and ${invitations.expiresAt} > ${now.toISOString()}::timestamptz`

/** Only ids of these types are ever written. */
function toInvitation(row: Pick<typeof invitations.$inferSelect, keyof typeof COLUMNS>): Invitation {
  return { ...row, id: row.id as InvitationId, invitedBy: row.invitedBy as UserId }
}
