import type { EventSourceName } from '../../mails/domain/mail.ts'

/** The services with public events; test/unit/webhooks checks it against the catalogue. Orders and payments come first. */
export const PUBLIC_SOURCES = ['orders', 'payments', 'catalog', 'users'] as const satisfies EventSourceName[]
export type PublicSource = (typeof PUBLIC_SOURCES)[number]
