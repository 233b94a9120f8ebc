import { EXPORTED_AT_MOST, type MailsExport } from '@shop/contracts/users/export'
import { ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'

/** The newest mails to an address: which, when, and what became of them. Their contents are not kept. */
export async function exportCustomer(
  deps: Pick<NotificationsDeps, 'hashAddress' | 'mails' | 'suppressions'>,
  email: string,
): Promise<Result<MailsExport, never>> {
  const addressHash = await deps.hashAddress(email)
  const [mails, suppression] = await Promise.all([
    deps.mails.listTo(addressHash, EXPORTED_AT_MOST + 1),
    deps.suppressions.find(addressHash),
  ])
  const items = mails.slice(0, EXPORTED_AT_MOST).map(({ template, status, createdAt }) => {
    return { template, status, created_at: createdAt.toISOString() }
  })
  return ok({ mails: { items, more: mails.length > EXPORTED_AT_MOST }, suppression: suppression ?? null })
}
