import { z } from 'zod'

/**
 * Characters that show nothing or change how their neighbours show: control and format characters, bidirectional marks,
 * unassigned and private code points, line and paragraph separators, fillers. With one of them two addresses look equal
 * and are not.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u
/** Controls that people paste with an address. They count as white space around it, and are refused inside. */
const LINE_CONTROLS = /[\t\n\v\f\r]/g

const isVisible = (text: string) => !INVISIBLE.test(text)
const ONLY_VISIBLE = { error: 'must not contain invisible characters', abort: true }

/** An address without the white space around it, in the one Unicode form (NFC) of what is composed differently. */
const clean = (email: string) => email.trim().normalize('NFC')

/**
 * Text of an address as it is kept: trimmed, in NFC. Invisible characters are refused before the white space is removed,
 * since `trim` would remove a zero-width space (U+FEFF), too.
 */
const addressText = (min: number, max: number) =>
  z
    .string()
    .refine((email) => isVisible(email.replace(LINE_CONTROLS, ' ')), ONLY_VISIBLE)
    .overwrite(clean)
    .refine(isVisible, ONLY_VISIBLE)
    .min(min)
    .max(max)

/** An e-mail address as people write it; the part before the @ is not parsed any further. */
export const Email = addressText(3, 254)
  .regex(/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/, 'must be an e-mail address')
  .meta({ format: 'email', description: 'Compared without regard to case', example: 'ada@example.com' })

/** The address of a sign-in. Text that is no address has no account, and is answered as an unknown one. */
export const SignInEmail = addressText(1, 254).meta({ example: 'ada@example.com' })

/**
 * The same text for every spelling of an address: what accounts, limits and orders of guests compare.
 *
 * Each character is lower-cased by itself, because JavaScript lower-cases a `Σ` by its neighbours. A final `ς` is a `σ`,
 * as both have the capital `Σ`. The domain has the form that is looked up: `bücher.example` is `xn--bcher-kva.example`.
 */
export function normalEmail(email: string): string {
  const letters = Array.from(clean(email), (character) => (character === 'ς' ? 'σ' : character.toLowerCase()))
  const address = letters.join('').normalize('NFC')
  const [, mailbox = '', domain] = /^(.+@)([^@]+)$/s.exec(address) ?? []
  return domain === undefined ? address : mailbox + asciiDomain(domain)
}

/** A domain with letters beyond ASCII, as it is looked up (UTS 46). Anything else stays as it is. */
function asciiDomain(domain: string): string {
  if (!/^[\p{L}\p{M}\p{N}.\u3002\uff0e-]+$/u.test(domain) || /^[\x21-\x7e]*$/.test(domain)) return domain
  const url = `https://${domain}`
  return URL.canParse(url) ? new URL(url).hostname : domain
}
