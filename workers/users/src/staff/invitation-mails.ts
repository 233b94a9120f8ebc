import type { AccountMail } from '@shop/contracts/users/rpc'
import type { UsersDeps } from '../deps.ts'

/** The mails of invitation events, always with the same token; those that nobody can take any more are missing. */
export async function invitationMails(
  { invitations, invitationTokens, now }: Pick<UsersDeps, 'invitations' | 'invitationTokens' | 'now'>,
  eventIds: readonly number[],
): Promise<AccountMail[]> {
  const open = await invitations.listOpen(eventIds, now())
  const mails = await Promise.all(
    open.map(async ({ eventId, ...invitation }): Promise<AccountMail | undefined> => {
      const token = await invitationTokens.again(invitation)
      return token === undefined
        ? undefined
        : { eventId, to: invitation.email, name: undefined, locale: undefined, token }
    }),
  )
  return mails.filter((mail) => mail !== undefined)
}
