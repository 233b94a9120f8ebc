const REDACTED = '[redacted]'

/** Shorter values of a query are no tokens, and redacting them would spoil texts in which they stand by chance. */
const LEAST_CHARACTERS = 8

/** What is confidential wherever it comes from: signatures and secrets of other attempts and endpoints, and bearer tokens. */
const SHAPES = [
  String.raw`v1a?,[\w+/-]{40,}={0,2}`,
  String.raw`whsec_[\w+/=-]{16,}`,
  String.raw`\bbearer\s+[\w.~+/-]{8,}=*`,
]

/**
 * What an endpoint gets that must not be kept with its answer: signatures, the secrets that made them, and values of its URL.
 *
 * @param signatures the header `webhook-signature`
 * @param secrets the keys themselves
 */
export function confidentialOf({
  url,
  signatures,
  secrets,
}: {
  url: string
  signatures: string
  secrets: readonly Uint8Array[]
}): string[] {
  const values = [...new URL(url).searchParams].flatMap(([name, value]) => [value === '' ? name : value])
  const signed = signatures.split(' ').map((one) => one.replace(/^v\w+,/, ''))
  const keys = secrets.flatMap((secret) => [btoa(String.fromCharCode(...secret)), hexOf(secret)])
  return [...signed, ...keys, ...values].filter(({ length }) => length >= LEAST_CHARACTERS)
}

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** Replaces confidential values in a text, also as JSON, HTML and URLs write them, and what looks like one. */
export function redactor(confidential: readonly string[]): (text: string) => string {
  const known = confidential.toSorted((one, other) => other.length - one.length).map(spellingsOf)
  const pattern = new RegExp([...SHAPES, ...known].join('|'), 'gi')
  return (text) => text.replaceAll(pattern, REDACTED)
}

/** A pattern for a value however its punctuation is escaped, with or without the padding of base64. */
const spellingsOf = (value: string): string => {
  const bare = value.replace(/=+$/, '')
  const padding = value.slice(bare.length)
  return [...bare].map(spellingOf).join('') + [...padding].map((one) => `(?:${spellingOf(one)})?`).join('')
}

function spellingOf(character: string): string {
  if (/[a-z0-9]/i.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16).padStart(2, '0')
  const spellings = [
    String.raw`\\?${RegExp.escape(character)}`,
    encodeURIComponent(character),
    `%${hex}`,
    String.raw`\\u${hex.padStart(4, '0')}`,
    `&#0*${code};`,
    `&#x0*${hex};`,
    ...(OTHERS[character] ?? []),
  ]
  return `(?:${spellings.join('|')})`
}

/** Base64url (RFC 4648, 5), and the space of form data. */
const OTHERS: Record<string, string[]> = { '+': ['-'], '/': ['_'], ' ': [String.raw`\+`] }

/** A URL, absolute or relative, without a user, the values of its query and its fragment: tokens are kept there. */
export function withoutQueryValues(url: string): string {
  const [place = '', ...query] = url.replace(/#.*$/s, '').split('?')
  const nobody = place.replace(/^((?:[a-z][a-z0-9+.-]*:)?\/\/)[^/]*@/i, '$1')
  return query.length === 0 ? nobody : `${nobody}?${query.join('?').split('&').map(withoutValue).join('&')}`
}

function withoutValue(part: string): string {
  const at = part.indexOf('=')
  if (part === '' || at === part.length - 1) return part
  return at === -1 ? REDACTED : `${part.slice(0, at)}=${REDACTED}`
}
