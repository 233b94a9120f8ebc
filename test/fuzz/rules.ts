import { assertDescribed, isDescribedBody } from '@shop/testing/api-contract'
import { INSIDES } from '../support/insides.ts'
import { type Exchange, isGood, memberOf, parsed } from './exchange.ts'
import type { Owners } from './owners.ts'
import { OPERATIONS } from './schema.ts'
import type { Slowness } from './slowness.ts'

export type Surroundings = {
  owners: Owners
  secrets: string[]
  /** Whether faults are injected, which may make the shop unavailable. */
  isDisturbed: boolean
  slowness: Slowness
}

/** What the shop must hold for every exchange. Each rule returns what is wrong, in words. */
export function violationsOf(exchange: Exchange, surroundings: Surroundings): string[] {
  return RULES.flatMap((rule) => rule(exchange, surroundings) ?? [])
}

const PROBLEM = 'application/problem+json'

type Rule = (exchange: Exchange, surroundings: Surroundings) => string | string[] | undefined

/** 503 says that the client may try again; any other 5xx is a bug. */
const isNoServerError: Rule = (exchange, { isDisturbed, slowness }) => {
  const { answer } = exchange
  const { status, headers } = answer
  if (status === 0) return `no answer: ${answer.text}`
  if (status < 500 || isDescribedOtherwise(exchange)) return undefined
  if (status !== 503 || !(isDisturbed || slowness.excuses(answer, performance.now())))
    return `a server error: ${status}`
  return Number(headers['retry-after']) > 0 ? undefined : '503 without Retry-After'
}

const isDescribed: Rule = ({ request, answer, operation, path, mediaType, body }) => {
  const { status } = answer
  if (operation === undefined) return undefined
  if (request.method === 'HEAD') {
    if (answer.text !== '') return 'an answer to HEAD with a body'
    return String(status) in operation.responses ? undefined : `HEAD ${operation.operationId} answered ${status}`
  }
  try {
    assertDescribed({ method: request.method, path, status, mediaType, body })
    return undefined
  } catch (error) {
    return String(error).slice(0, 1_000)
  }
}

/** Whether the description has another answer than a problem document for the status, such as a readiness report. */
function isDescribedOtherwise({ answer: { status }, operation }: Exchange): boolean {
  const { content } = operation?.responses[String(status)] ?? {}
  return content !== undefined && !(PROBLEM in content)
}

/** DELETE of `/api/products/bulk` is refused as of `/api/products/{id}`, whose id could be `bulk`: by the role alone. */
const isOfStaffByParameter = ({ request: { method }, path, answer }: Exchange) =>
  answer.status === 403 &&
  OPERATIONS.some(
    (one) =>
      one.isForStaff &&
      one.method === method &&
      new RegExp(`^${one.path.replace(/\{[^}]*\}/g, '[^/]+')}/?$`).test(path),
  )

/** Every error is a problem document, whose code the operation declares. */
const isProblem: Rule = (exchange) => {
  const { request, answer, operation, mediaType, body } = exchange
  const { status, headers } = answer
  if (status < 400 || request.method === 'HEAD' || isDescribedOtherwise(exchange)) return undefined
  if (mediaType !== PROBLEM) return `an error as ${mediaType || 'nothing'}`
  const [code, ownStatus, id] = ['code', 'status', 'request_id'].map((name) => memberOf(body, name))
  const declared = operation?.responses[String(status)]?.description ?? ''
  return [
    ...(ownStatus === status ? [] : [`a problem with the status ${ownStatus}`]),
    ...(id === headers['x-request-id'] ? [] : [`a problem of the request ${id}, not ${headers['x-request-id']}`]),
    ...(operation === undefined || declared.includes(`\`${code}\``) ? [] : [`an undeclared code: ${code}`]),
    // A status of its own for each path that is not described would be a list of what there is.
    ...(operation === undefined &&
    !isOfStaffByParameter(exchange) &&
    ![400, 401, 404, 405, 408, 413, 415, 422, 429, 503].includes(status)
      ? [`${status} of no operation`]
      : []),
  ]
}

/** Text of the client itself may come back. */
const tellsNoInsides: Rule = ({ request, mediaType, answer: { text } }, { secrets }) => {
  const secret = secrets.find((one) => text.includes(one))
  if (secret !== undefined) return `a secret in an answer: ${secret.slice(0, 8)}…`
  const [inside] = mediaType !== PROBLEM ? [] : (text.match(INSIDES) ?? [])
  const sent = `${decodeLoosely(request.target)} ${request.body?.toString('utf8')} ${Object.values(request.headers).join(' ')}`
  return inside === undefined || sent.toLowerCase().includes(inside.toLowerCase()) ? undefined : `insides: ${inside}`
}

const decodeLoosely = (text: string) =>
  text.replace(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))

/** What only some callers may read is kept by no cache, and neither is the answer to a write or a refusal. */
const isNotStored: Rule = ({ request, answer, operation }) => {
  if (operation === undefined || request.method === 'OPTIONS') return undefined
  const isPublic = !operation.opens.has('bearer') && operation.method === 'GET' && answer.status < 400
  const cacheControl = String(answer.headers['cache-control'] ?? '')
  return isPublic || /\b(no-store|private)\b/.test(cacheControl) ? undefined : `may be stored: "${cacheControl}"`
}

const needsAccess: Rule = (exchange) => {
  const { operation, request, isSignedIn } = exchange
  if (operation === undefined || operation.opens.size === 0 || operation.opens.has('nothing')) return undefined
  const hasToken = (['order', 'cart'] as const).some(
    (kind) => operation.opens.has(`${kind}_token`) && request.headers[`x-${kind}-token`] !== undefined,
  )
  return isGood(exchange) && !isSignedIn && !hasToken ? 'open to a caller without an access token' : undefined
}

/** What a stranger is told is only that it is not there, or that the request is wrong in itself. */
const TELLS_NOTHING = [400, 401, 404, 405, 413, 415, 422, 429, 503]

/** Of what the caller may read the version, whatever it is asked to contain: the first id in a path names that. */
const isAboutOwn = (path: string, owners: Owners, viewers: ReadonlySet<string>) => {
  const first = path.split('/').find((part) => owners.isKnown(part))
  return first !== undefined && owners.mayRead(first, viewers)
}

/** Staff alone may do it: the refusal is the same for what is there and for what is not. */
const isRefusedByRole = ({ operation, answer }: Exchange) => operation?.isForStaff === true && answer.status === 403

const belongsToCaller: Rule = (exchange, { owners }) => {
  const { operation, path, body, viewers, isStaff, answer } = exchange
  if (operation === undefined || isStaff) return undefined
  const shown = isGood(exchange) ? owners.foreignIn(body, viewers) : []
  // What anybody may read shows examples and names at most, and belongs to nobody.
  if (isGood(exchange) && operation.opens.size > 0) owners.learn(body, viewers)
  const asked = path.split('/').filter((part) => !owners.mayRead(part, viewers))
  const isOwnVersion = answer.status === 412 && isAboutOwn(path, owners, viewers)
  return [
    ...shown.map((one) => `shows what belongs to another: ${one}`),
    ...(asked.length > 0 && !TELLS_NOTHING.includes(answer.status) && !isOwnVersion && !isRefusedByRole(exchange)
      ? [`${answer.status} about what belongs to another: ${asked.join()}`]
      : []),
  ]
}

/** A call of many items answers each by itself, so one that is not allowed is refused in the list. */
function refusesAnItem(body: Exchange['body']): boolean {
  const results = memberOf(body, 'results')
  return Array.isArray(results) && results.some((result) => memberOf(result, 'problem') !== undefined)
}

/** Nothing is done with a body that the description forbids. */
const refusesWhatIsForbidden: Rule = (exchange) => {
  const { operation, request, body } = exchange
  if (operation?.body === undefined || !isGood(exchange) || request.method !== operation.method) return undefined
  if (refusesAnItem(body)) return undefined
  const text = request.body?.toString('utf8').trim() ?? ''
  if (text === '' && !operation.isBodyRequired) return undefined
  const sent = parsed(text)
  return isDescribedBody(operation.method, operation.path, sent) ? undefined : 'accepts a body that is not allowed'
}

const RULES: Rule[] = [
  isNoServerError,
  isDescribed,
  isProblem,
  tellsNoInsides,
  isNotStored,
  needsAccess,
  belongsToCaller,
  refusesWhatIsForbidden,
]
