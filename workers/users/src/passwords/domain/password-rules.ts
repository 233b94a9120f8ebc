import type { PasswordError, PasswordRule } from '@shop/contracts/users/failures'

/** Long enough for every passphrase; argon2id takes as long for it as for a short one. */
const MAX_PASSWORD_LENGTH = 128

/** Shorter names are in too many words: `al` is in `sandal`. */
const SHORTEST_NAME = 4

export type PasswordRules = {
  /** In characters (Unicode code points, NFC): 15 where a password is all that protects an account (NIST SP 800-63B-4, 3.1.1.2). */
  minimumLength: number
  /** Names of the shop, in any spelling. */
  shopNames: readonly string[]
  isCommon(password: string): boolean
}

/**
 * What is wrong with a new password. There are no rules of composition, such as digits or capitals: they make passwords
 * alike (NIST SP 800-63B-4, 3.1.1.2).
 *
 * @param field of the request, for the errors
 * @param email of the account; the password may contain neither the address nor the name before its @
 */
export function passwordErrors(
  { password, field, email }: { password: string; field: string; email: string },
  rules: PasswordRules,
): PasswordError[] {
  const length = [...password.normalize('NFC')].length
  const containsOne = (names: readonly string[]) => names.some((name) => contains(password, name))
  const found: [rule: PasswordRule, isBroken: boolean, message: string][] = [
    ['password_too_short', length < rules.minimumLength, `must have at least ${rules.minimumLength} characters`],
    ['password_too_long', length > MAX_PASSWORD_LENGTH, `must have at most ${MAX_PASSWORD_LENGTH} characters`],
    ['password_too_common', rules.isCommon(password), 'is too easy to guess'],
    ['password_contains_email', containsOne(namesOf(email)), 'must not contain the e-mail address or its name'],
    ['password_contains_shop_name', containsOne(rules.shopNames), 'must not contain the name of the shop'],
  ]
  return found.flatMap(([code, isBroken, message]) => (isBroken ? [{ field, code, message }] : []))
}

/** An address is guessed as a whole, by its name, and by the name without the tag of its owner: `ada` of `ada+shop`. */
function namesOf(email: string): string[] {
  const name = email.slice(0, Math.max(0, email.lastIndexOf('@')))
  return [email, name, name.split('+')[0] ?? name]
}

/** Whether a password contains a name, whatever the case and the signs between the letters. */
function contains(password: string, name: string): boolean {
  const wanted = lettersOf(name)
  return [...wanted].length >= SHORTEST_NAME && lettersOf(password).includes(wanted)
}

const lettersOf = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')

/** Legal forms, which nobody calls a shop by. */
const LEGAL_FORM =
  /[\s,]+(?:ltd|limited|inc|llc|plc|corp|co|gmbh(?: & co\.? kg)?|ag|kg|ug|ohg|s\.?a\.?r\.?l|s\.?a|s\.?r\.?l|b\.?v|oy|ab|as)\.?$/i

/** What a shop is called: its legal name, and that without its legal form. */
export function shopNamesOf(legalName: string): string[] {
  const called = legalName.replace(LEGAL_FORM, '')
  return called === legalName ? [legalName] : [legalName, called]
}
