import { text } from '@shop/kernel/text'
import { z } from 'zod'

/** The token in the link of a mail. */
export const MailToken = text(1, 200).meta({
  description: 'From the link of a mail; it works once and for an hour',
  example: 'dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4',
})

export const MailTokenBody = z.strictObject({ token: MailToken }).meta({ id: 'MailTokenRequest' })
