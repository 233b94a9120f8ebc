import type { MailTemplate } from '@shop/contracts/notifications/states'
import type { MailData, RenderedMail } from './domain/mail-data.ts'
import { oneLine, writeLetter } from './domain/write-letter.ts'
import { htmlOf } from './html.tsx'
import { textOf } from './text.ts'

/** A mail by the shop's own template. */
export function renderDefault(template: MailTemplate, data: MailData): RenderedMail {
  const letter = writeLetter(template, data)
  return { subject: oneLine(letter.subject), html: htmlOf(letter, data), text: textOf(letter, data) }
}
