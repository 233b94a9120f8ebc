import type { AccountMail } from '@shop/contracts/users/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { invitationMails } from '../staff/invitation-mails.ts'
import { type MailedEvent, recipientOf } from './domain/mailed-event.ts'

/**
 * The mails of account events, as the accounts are now. Missing are events whose person is gone, whose token was used, replaced
 * or has expired, or that lead to no mail.
 */
export async function accountMails(
  deps: Pick<UsersDeps, 'accountTokens' | 'invitations' | 'invitationTokens' | 'mailAddresses' | 'now'>,
  { eventIds }: { eventIds: number[] },
): Promise<Result<AccountMail[], never>> {
  const [events, invited] = await Promise.all([
    deps.mailAddresses.list(eventIds, deps.now()),
    invitationMails(deps, eventIds),
  ])
  const mails = await Promise.all(events.map((event) => mailOf(deps, event)))
  return ok([...mails.filter((mail) => mail !== undefined), ...invited])
}

async function mailOf(
  { accountTokens }: Pick<UsersDeps, 'accountTokens'>,
  event: MailedEvent,
): Promise<AccountMail | undefined> {
  const recipient = recipientOf(event)
  if (recipient === undefined) return undefined
  const mail = { eventId: event.id, to: recipient.to, name: event.name ?? undefined, locale: event.locale ?? undefined }
  if (recipient.token === undefined) return { ...mail, token: undefined }
  const token = await accountTokens.tokenOf(recipient.token.id)
  // Made with a secret that was replaced: the link would not work.
  return (await accountTokens.hash(token)) === recipient.token.hash ? { ...mail, token } : undefined
}
