import { eventually } from '@shop/testing/eventually'
import type { Platform } from '@shop/testing/platform'

const LINKS = {
  verification: '/verify-email?token=',
  password_reset: '/reset-password?token=',
  email_change: '/confirm-email?token=',
  order_access: '#order_token=',
} as const

export type MailedToken = { email: string; kind: keyof typeof LINKS }

/** The tokens in the links of mails of that kind, oldest first. */
export const mailedTokens = ({ mail }: Platform, { email, kind }: MailedToken): string[] =>
  mail.mails({ to: email }).flatMap(({ text }) => text?.split(LINKS[kind])[1]?.match(/^[\w.~-]+/)?.[0] ?? [])

/** Waits for the mail of that kind, after so many earlier ones. */
export async function mailedToken(platform: Platform, mailed: MailedToken, earlier = 0): Promise<string> {
  const tokens = await eventually(
    async () => mailedTokens(platform, mailed),
    (found) => found.length > earlier,
    20_000,
  )
  return tokens.at(-1) ?? ''
}
