import type { IncomingHttpHeaders } from 'node:http'
import type { CallerKey, Endpoint } from '../api/endpoint.ts'
import { ApiError } from '../api/errors.ts'
import type { FormValue } from '../api/form.ts'

export interface ApiKeys {
  secretKey: string
  publishableKey?: string | undefined
  /** Restricted keys, each with the beginning of the paths that it may call. */
  restrictedKeys?: Record<string, string> | undefined
}

/**
 * Identifies the caller by their Bearer or Basic authorization.
 *
 * @param keyParam the parameter `key`, which Stripe.js sends instead of a header
 * @param path of the endpoint
 * @throws ApiError 401; 403 for a restricted key without the permission
 */
export function authenticate(
  headers: IncomingHttpHeaders,
  keyParam: FormValue | undefined,
  keys: ApiKeys,
  { path, forBrowsers = false }: Pick<Endpoint, 'path' | 'forBrowsers'>,
): CallerKey {
  const sent = keyIn(headers.authorization) ?? (typeof keyParam === 'string' ? keyParam : undefined)
  if (!sent) {
    throw unauthorized(
      'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer ' +
        "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for " +
        'details, or we can help at https://support.stripe.com/.',
    )
  }
  if (sent === keys.secretKey) return 'secret'
  const permitted = keys.restrictedKeys?.[sent]
  if (permitted !== undefined && path.startsWith(permitted)) return 'secret'
  if (permitted !== undefined) throw forbidden(sent)
  if (sent !== keys.publishableKey) throw unauthorized(`Invalid API Key provided: ${masked(sent)}`)
  if (forBrowsers) return 'publishable'
  throw unauthorized(
    'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of ' +
      'your API keys at https://dashboard.stripe.com/account/apikeys.',
    'secret_key_required',
  )
}

function forbidden(key: string): ApiError {
  const message = `The provided key '${masked(key)}' does not have the required permissions for this endpoint.`
  return new ApiError(403, { type: 'invalid_request_error', message })
}

function keyIn(authorization: string | undefined): string | undefined {
  const [scheme, value = ''] = authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() === 'bearer') return value
  if (scheme?.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString().split(':')[0]
  return undefined
}

function masked(key: string): string {
  return key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}` : '****'
}

function unauthorized(message: string, code?: string): ApiError {
  return new ApiError(401, { type: 'invalid_request_error', message, ...(code && { code }) })
}
