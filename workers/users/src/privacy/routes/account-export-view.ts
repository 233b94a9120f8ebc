import type { AccountExport } from '@shop/contracts/users/export'
import { toUserRecordView } from '../../accounts/routes/user-view.ts'
import { toCustomerAddressView } from '../../addresses/routes/address-view.ts'
import { toApiKeyView } from '../../api-keys/routes/api-key-view.ts'
import { toFactorView } from '../../factors/routes/factor-view.ts'
import { toGroupOfUserView } from '../../groups/routes/customer-group-view.ts'
import type { CustomerNote } from '../../notes/domain/customer-note.ts'
import { toListedSessionView } from '../../sessions/routes/listed-session-view.ts'
import type { KnownAccount } from '../export-account.ts'

/** An account as the rest of the API shows it, so without internal columns and secrets. */
export function toAccountExport(known: KnownAccount): AccountExport {
  const { user, addresses, sessions, factors, apiKeys, groups, notes } = known
  return {
    userId: user.id,
    verifiedEmail: user.emailVerified ? user.email : undefined,
    account: toUserRecordView(user),
    addresses: addresses.map(toCustomerAddressView),
    sessions: { items: sessions.map(toListedSessionView), more: known.hasMoreSessions },
    factors: factors.map(toFactorView),
    apiKeys: apiKeys.map(toApiKeyView),
    groups: groups.map(toGroupOfUserView),
    notes: { items: notes.map(toExportedNote), more: known.hasMoreNotes },
  }
}

/** Without its author: who of the staff wrote it is not about the customer. */
const toExportedNote = ({ text, createdAt }: CustomerNote) => ({ text, created_at: createdAt.toISOString() })
