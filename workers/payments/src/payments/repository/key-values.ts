import type { KeyClaim } from '@shop/db/idempotency-keys'

export type KeyValues = { scope: string | null; key: string | null; claim: string | null }

/** Without a key no row is attached. */
export const keyValues = (key: KeyClaim | undefined): KeyValues => ({
  scope: key?.scope ?? null,
  key: key?.key ?? null,
  claim: key?.claim ?? null,
})
