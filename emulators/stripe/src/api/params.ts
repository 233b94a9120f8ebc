import { invalidRequest, notSupportedHere } from './errors.ts'
import type { Form, FormValue } from './form.ts'

/** The parameters of an endpoint. `unsupported` ones exist at Stripe but not in the emulator. */
export interface Accepted {
  accepts: readonly string[]
  unsupported?: readonly string[]
}

/** Reads typed parameters from a decoded form. Refuses what Stripe refuses, with Stripe's messages. */
export class Params {
  readonly #form: Form

  constructor(form: Form, accepted: Accepted) {
    this.#form = form
    const unknown: string[] = []
    for (const name of Object.keys(form)) {
      if (accepted.accepts.includes(name) || name === 'expand') continue
      if (accepted.unsupported?.includes(name)) throw notSupportedHere(name)
      unknown.push(name)
    }
    const [first] = unknown
    if (first === undefined) return
    throw invalidRequest(`Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${unknown.join(', ')}`, {
      code: 'parameter_unknown',
      param: first,
    })
  }

  has(name: string): boolean {
    return this.#form[name] !== undefined
  }

  raw(name: string): FormValue | undefined {
    return this.#form[name]
  }

  require(...names: string[]): void {
    for (const name of names) {
      if (this.has(name)) continue
      throw invalidRequest(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name })
    }
  }

  /** A string. Refuses an empty one, which means an attempt to unset the parameter. */
  string(name: string): string | undefined {
    const text = this.clearable(name)
    if (text !== null) return text
    throw invalidRequest(
      `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; ` +
        `however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
      { code: 'parameter_invalid_empty', param: name },
    )
  }

  /** A string, or null for an empty one, which unsets the field. */
  clearable(name: string): string | null | undefined {
    const value = this.#form[name]
    if (value === undefined || typeof value === 'string') return value === '' ? null : value
    throw invalidRequest(`Invalid string: ${JSON.stringify(value)}`, { param: name })
  }

  integer(name: string): number | undefined {
    const text = this.string(name)
    return text === undefined ? undefined : parseInteger(text, name)
  }

  requiredInteger(name: string): number {
    this.require(name)
    return parseInteger(this.string(name) ?? '', name)
  }

  requiredString(name: string): string {
    this.require(name)
    return this.string(name) ?? ''
  }

  boolean(name: string): boolean | undefined {
    const text = this.string(name)
    if (text === undefined || text === 'true' || text === 'false') return text === undefined ? text : text === 'true'
    throw invalidRequest(`Invalid boolean: ${text}`, { param: name })
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.string(name)
    const choice = choices.find((candidate) => candidate === text)
    if (text === undefined || choice !== undefined) return choice
    throw invalidRequest(`Invalid ${name}: must be one of ${choices.join(', ')}`, { param: name })
  }

  strings(name: string): string[] | undefined {
    const value = this.#form[name]
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    throw invalidRequest('Invalid array', { param: name })
  }

  hash(name: string): Form | undefined {
    const value = this.#form[name]
    if (value === undefined) return undefined
    if (typeof value === 'string' || Array.isArray(value)) throw invalidRequest('Invalid object', { param: name })
    return value
  }

  /** Merges the sent metadata into `current`. An empty value removes its key; an empty `metadata` removes all. */
  metadata(current: Record<string, string>): Record<string, string> {
    const sent = this.#form.metadata
    if (sent === undefined) return current
    if (sent === '') return {}
    const merged = { ...current }
    for (const [key, value] of Object.entries(sent)) {
      const param = `metadata[${key}]`
      if (typeof value !== 'string') throw invalidRequest(`Invalid string: ${JSON.stringify(value)}`, { param })
      if (key.length > 40) throw invalidRequest('Metadata keys can have up to 40 characters.', { param: 'metadata' })
      if (value.length > 500) throw invalidRequest('Metadata values can have up to 500 characters.', { param })
      if (value === '') delete merged[key]
      else merged[key] = value
    }
    if (Object.keys(merged).length > 50) throw invalidRequest('Metadata can have up to 50 keys.', { param: 'metadata' })
    return merged
  }
}

export function parseInteger(text: string, param: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value)) return value
  throw invalidRequest(`Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param })
}

/** Any URL of a page or an app. Refuses schemes that run as a script. */
export function readReturnUrl(params: Params): string | undefined {
  const url = params.string('return_url')
  if (url === undefined) return undefined
  const scheme = URL.canParse(url) ? new URL(url).protocol : 'javascript:'
  if (!['javascript:', 'data:'].includes(scheme)) return url
  throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'return_url' })
}
