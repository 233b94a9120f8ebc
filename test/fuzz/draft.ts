import fc from 'fast-check'
import { parameterName } from './names.ts'
import { headerValue } from './odd-values.ts'
import type { Json, Operation } from './schema.ts'
import type { Signer } from './sign.ts'
import { type Draw, oneIn, validValue } from './valid-values.ts'

/** A request before it is sent; whatever breaks it changes it in place. */
export type Draft = {
  method: string
  /** Its template, with the values of its parameters percent-encoded. */
  template: string
  path: Map<string, string>
  /** Percent-encoded; a name may be repeated. */
  query: [name: string, value: string][]
  headers: Map<string, string>
  /** Undefined without a body; bytes once it was serialized. */
  json: Json | undefined
  bytes: Buffer | undefined
  /** Whose webhook it is: the body is then signed as they do it. */
  signer: Signer | undefined
}

/** One way to break a request. Values are broken before the body becomes bytes. */
export type Twist = { name: string; phase: 'json' | 'bytes' | 'head'; apply(draft: Draft): void }

/** A request as it is sent. */
export type RawRequest = {
  method: string
  /** With its query. */
  target: string
  headers: Record<string, string>
  body: Buffer | undefined
}

/** Requests of an operation that its schemas accept. */
export function validDraft(operation: Operation): fc.Arbitrary<Draw<Draft>> {
  const parameters = operation.parameters.map((parameter) => {
    const isPresent = parameter.required === true || /^x-(?:order|cart)-token$/i.test(parameter.name)
    const isKey = parameter.name === 'idempotency-key'
    // Some operations need a key.
    const present = isPresent ? fc.constant(true) : isKey ? oneIn(5).map((isAbsent) => !isAbsent) : oneIn(4)
    const value = validValue(parameter.schema, parameterName(operation.path, parameter.name))
    return fc.tuple(present, value).map(([included, draw]) => ({ parameter, included, draw }))
  })
  const given = operation.body === undefined ? fc.constant(undefined) : validValue(operation.body)
  const body = operation.isBodyRequired ? given : fc.option(given, { nil: undefined, freq: 4 })
  return fc.tuple(body, ...parameters).map(
    ([drawBody, ...drawn]): Draw<Draft> =>
      (memory) => {
        const json = drawBody?.(memory)
        const draft: Draft = {
          method: operation.method,
          template: operation.path,
          path: new Map(),
          query: [],
          headers: new Map(json === undefined ? [] : [['content-type', 'application/json']]),
          json,
          bytes: undefined,
          signer: undefined,
        }
        for (const { parameter, included, draw } of drawn) {
          if (!included) continue
          const value = String(draw(memory))
          if (parameter.in === 'path') draft.path.set(parameter.name, encodeURIComponent(value))
          else if (parameter.in === 'query') draft.query.push([parameter.name, encodeURIComponent(value)])
          else draft.headers.set(parameter.name.toLowerCase(), headerValue(value))
        }
        return draft
      },
  )
}

/**
 * Four times what the shop accepts. While a client still sends megabytes, the local server may cut its connection rather
 * than deliver the refusal.
 */
const MOST_BYTES = 1_000_000

export function serialize(draft: Draft): Buffer | undefined {
  draft.bytes ??= draft.json === undefined ? undefined : Buffer.from(JSON.stringify(draft.json)).subarray(0, MOST_BYTES)
  return draft.bytes
}

export function rawRequest(draft: Draft): RawRequest {
  const path = draft.template.replace(/\{([^}]+)\}/g, (_, name: string) => draft.path.get(name) ?? '')
  const query = draft.query.map(([name, value]) => `${name}=${value}`).join('&')
  return {
    method: draft.method,
    target: query === '' ? path : `${path}?${query}`,
    headers: Object.fromEntries(draft.headers),
    body: serialize(draft),
  }
}
