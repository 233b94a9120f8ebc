import type { OutgoingMail } from '../mails/domain/mail.ts'
import type { SendOutcome } from './domain/outcome.ts'

/** Who sends mails. An outage is an answer, so it never throws. */
export type MailProvider = { send(mail: OutgoingMail): Promise<SendOutcome> }
