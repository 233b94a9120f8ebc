import type { AccountExport } from '@shop/contracts/users/export'
import { toUserRecordView } from '../../accounts/routes/user-view.ts'
import { toCustomerAddressView } from '../../addresses/routes/address-view.ts'
import { toApiKeyView } from '../../api-keys/routes/api-key-view.ts'
import { toFactorView } from '../../factors/routes/factor-view.ts'
import { toListedSessionView } from '../../sessions/routes/listed-session-view.ts'
import type { KnownAccount } from '../export-account.ts'

/** An account as the rest of the API shows it, so without internal columns and secrets. */
export function toAccountExport(known: KnownAccount): AccountExport {
  const { user, addresses, sessions, hasMoreSessions: more, factors, apiKeys } = known
  return {
    userId: user.id,
    verifiedEmail: user.emailVerified ? user.email : undefined,
    account: toUserRecordView(user),
    addresses: addresses.map(toCustomerAddressView),
    sessions: { items: sessions.map(toListedSessionView), more },
    factors: factors.map(toFactorView),
    apiKeys: apiKeys.map(toApiKeyView),
  }
}
