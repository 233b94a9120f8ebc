import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { MailsExport } from '../users/export.ts'

/** The methods that the gateway may call. */
export interface NotificationsRpc {
  /** The newest mails to an address, without their contents, and why it gets none. */
  exportCustomer(email: string): Promise<Result<MailsExport, ServiceUnavailable>>
}
