import { type DependencyFetch, dependencyFetch } from '@shop/http/dependency-fetch'
import { log } from '@shop/http/log'

/** Who knows which passwords were published after breaches. */
export type BreachedPasswords = {
  /** False when nobody can say: a password is not refused because another service is away. */
  has(password: string): Promise<boolean>
}

/** Somebody waits, and the answer may be missing. */
const TIMEOUT_MS = 1_000
/** Of the SHA-1, in hexadecimal digits. */
const RANGE_DIGITS = 5

/**
 * A range API such as that of Have I Been Pwned. It is asked for the first five digits of a SHA-1, which hundreds of
 * passwords share, and answers with the rest of each: it does not learn the password.
 *
 * Source: https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange
 *
 * @param url to which the digits are added, `https://api.pwnedpasswords.com/range/`
 */
export function breachedPasswords(
  url: string,
  send: DependencyFetch = dependencyFetch('breaches', { timeoutMs: TIMEOUT_MS }),
): BreachedPasswords {
  return {
    async has(password) {
      try {
        const digest = await sha1(password.normalize('NFC'))
        const range = url + digest.slice(0, RANGE_DIGITS)
        // Padding makes all answers about as long, so that their length says nothing. Padded entries have a count of 0.
        const response = await send(range, { headers: { 'add-padding': 'true' } })
        if (!response.ok) throw new Error(`The range API answered ${response.status}`)
        return hasEntry(await response.text(), digest.slice(RANGE_DIGITS))
      } catch (error) {
        log('warn', 'breach_check_failed', { error })
        return false
      }
    },
  }
}

function hasEntry(answer: string, rest: string): boolean {
  return answer.split('\n').some((line) => {
    const [suffix, count] = line.trim().split(':')
    return suffix === rest && Number(count) > 0
  })
}

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}
