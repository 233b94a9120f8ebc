import { text } from '@shop/kernel/text'
import { z } from 'zod'

/** Six digits; the spaces that apps show between them do not count. */
export const CodeField = z
  .string()
  .max(20)
  .transform((code) => code.replace(/\s/g, ''))
  .pipe(z.string().regex(/^[0-9]{6}$/, 'must be six digits'))
  .meta({ type: 'string', description: 'Of an authenticator app', example: '492039' })

export const RecoveryCodeField = text(1, 100).meta({
  description: 'One of the codes shown when the first factor was added',
  example: '7k2m9q-x4v8c1-b6n3z0-t5w7y2',
})

export const MfaTokenField = text(1, 200).meta({
  description: 'From the sign-in that asked for a second factor',
  example: 'dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4',
})

/** Whether exactly one of these members is given. */
export const exactlyOneOf =
  (...names: string[]) =>
  (body: Record<string, unknown>): boolean =>
    names.filter((name) => body[name] !== undefined).length === 1
