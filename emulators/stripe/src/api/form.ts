/** A decoded form value: a string, a list (`expand[]=…`, `expand[0]=…`) or a hash (`metadata[key]=…`). */
export type FormValue = string | FormValue[] | Form
export interface Form {
  [key: string]: FormValue
}

/**
 * Decodes a query string or an `application/x-www-form-urlencoded` body with Stripe's brackets.
 *
 * Hashes have no prototype, so that a key such as `__proto__` is an ordinary key.
 *
 * @throws FormError when one name is used both as a string and as a hash
 */
export function decodeForm(encoded: string): Form {
  const form: Form = Object.create(null)
  for (const [name, value] of new URLSearchParams(encoded)) put(form, segments(name), value, name)
  return normalise(form) as Form
}

export class FormError extends Error {}

const APPEND = ''

/** `a[b][]` → `['a', 'b', '']`. The empty segment appends. */
function segments(name: string): string[] {
  const open = name.indexOf('[')
  if (open <= 0 || !name.endsWith(']')) return [name]
  return [name.slice(0, open), ...name.slice(open + 1, -1).split('][')]
}

function put(into: Form, path: string[], value: string, name: string): void {
  let hash = into
  for (const [index, segment] of path.entries()) {
    const key = segment === APPEND ? String(Object.keys(hash).length) : segment
    if (index === path.length - 1) {
      hash[key] = value
      return
    }
    const next = hash[key] ?? Object.create(null)
    if (typeof next === 'string' || Array.isArray(next)) throw new FormError(`Invalid parameter name: ${name}`)
    hash[key] = next
    hash = next
  }
}

/** Converts hashes with the keys 0, 1, 2… to lists, recursively. */
function normalise(value: FormValue): FormValue {
  if (typeof value === 'string') return value
  const entries = Object.entries(value).map(([key, inner]) => [key, normalise(inner)] as const)
  if (entries.length > 0 && entries.every(([key], index) => key === String(index))) {
    return entries.map(([, inner]) => inner)
  }
  const hash: Form = Object.create(null)
  for (const [key, inner] of entries) hash[key] = inner
  return hash
}
