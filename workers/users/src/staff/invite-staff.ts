import type { EmailTaken } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller, Role } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { mayGrant } from './domain/grants.ts'
import { type Invitation, invitationExpiry } from './domain/invitation.ts'

type InviteFailure = AccessFailure | StepUpRequired | EmailTaken | CreateOnceFailure
type InviteDeps = Pick<
  UsersDeps,
  'creationKeys' | 'invitations' | 'invitationTokens' | 'newInvitationId' | 'now' | 'wakeMails'
>

/**
 * Invites somebody to become staff with a role; once, if the request has an idempotency key. The event of it leads to the mail
 * with the link. Who has an account already gets the role by a change of it.
 */
export async function inviteStaff(
  deps: InviteDeps,
  caller: Caller,
  { email, role }: { email: string; role: Role },
  idempotencyKey?: string,
): Promise<Result<Created<Invitation>, InviteFailure>> {
  const staff = requireScope(caller, 'staff:write')
  if (!staff.ok) return staff
  const createdAt = deps.now()
  const proven = requireRecentProof(caller, createdAt)
  if (!proven.ok) return proven
  if (!mayGrant(proven.value.role, role)) return fail({ code: 'forbidden' })
  const { userId: invitedBy } = proven.value
  const key = await creationKey(`${invitedBy}:inviteStaff`, idempotencyKey, { email, role })
  const invited = await createOnce(key, {
    create: () => saveInvitation(deps, { email, role, invitedBy, createdAt }, key),
    findKey: deps.creationKeys.find,
    find: deps.invitations.find,
  })
  if (invited.ok) await deps.wakeMails()
  return invited
}

async function saveInvitation(
  deps: InviteDeps,
  request: Pick<Invitation, 'email' | 'role' | 'invitedBy' | 'createdAt'>,
  key: IdempotencyKey | undefined,
): Promise<Result<Invitation, EmailTaken | KeyKnown>> {
  const id = deps.newInvitationId()
  const expiresAt = invitationExpiry(request.createdAt)
  const invitation = { id, ...request, expiresAt, acceptedAt: null, revokedAt: null }
  const tokenHash = await deps.invitationTokens.hash(await deps.invitationTokens.of(id))
  const saved = await deps.invitations.insert(invitation, tokenHash, key)
  return saved.ok ? ok(invitation) : saved
}
