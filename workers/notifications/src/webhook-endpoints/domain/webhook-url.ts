import type { WebhookUrlFault } from '@shop/contracts/notifications/states'
import { fail, ok, type Result } from '@shop/kernel/result'
import { isAddress, isPublicAddress } from './public-address.ts'

/** Where webhooks may go: to the public internet by HTTPS, or, in development, to this machine by HTTP. */
export type TargetPolicy = 'public' | 'loopback'

export type UrlRefused = { code: 'webhook_url_not_allowed'; reason: WebhookUrlFault }

/** Longer ones are no URLs that somebody meant. */
export const MAX_URL_LENGTH = 1_000

/** Those of HTTPS, and the usual other one. The URL parser leaves out 443. */
const PORTS = ['', '8443']

/**
 * What ends names that lead into a network, and names that no public DNS has. Source: RFC 6761, RFC 6762, RFC 8375 (home.arpa),
 * RFC 9476.
 */
const INTERNAL = [
  ...['localhost', 'localdomain', 'local', 'internal', 'intranet', 'private', 'corp', 'home', 'lan'],
  ...['arpa', 'alt', 'onion', 'test', 'example', 'invalid'],
]

/** A label of a name after IDNA: letters, digits and hyphens, and the underscore that some hosts have. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * Decides whether webhooks may go to a URL, by the URL alone. A name that passes must still be resolved: see {@link checkAddresses}.
 *
 * @returns the URL as it is kept: as the parser writes it, without a fragment
 */
export function checkUrl(text: string, policy: TargetPolicy): Result<URL, UrlRefused> {
  const url = text.length > MAX_URL_LENGTH ? null : URL.parse(text)
  if (url === null) return refused('malformed')
  // Nobody gets it, and it would hide what two URLs have in common.
  url.hash = ''
  // The parser writes other letters as three characters each byte.
  if (url.href.length > MAX_URL_LENGTH) return refused('malformed')
  if (url.username !== '' || url.password !== '') return refused('credentials')
  if (policy === 'loopback') return isLoopback(url) ? ok(url) : refused('not_loopback')
  if (url.protocol !== 'https:') return refused('not_https')
  if (!PORTS.includes(url.port)) return refused('port')
  const fault = faultOfHost(url.hostname)
  return fault === undefined ? ok(url) : refused(fault)
}

/** Whether all addresses that a name leads to are public: which of them a request takes is not known before. */
export function checkAddresses(addresses: readonly string[]): Result<undefined, UrlRefused> {
  if (addresses.length === 0) return refused('unresolved')
  return addresses.every(isPublicAddress) ? ok() : refused('private_address')
}

/** Whether the host is a name, which has to be resolved. */
export const isNamed = ({ hostname }: URL): boolean => !isAddress(hostname)

function faultOfHost(hostname: string): WebhookUrlFault | undefined {
  if (isAddress(hostname)) return isPublicAddress(hostname) ? undefined : 'private_address'
  const labels = hostname.replace(/\.$/, '').split('.')
  if (hostname.length > 253 || !labels.every((label) => LABEL.test(label))) return 'malformed'
  const isInternal = labels.length < 2 || INTERNAL.includes(labels.at(-1) ?? '')
  return isInternal ? 'internal_name' : undefined
}

const isLoopback = ({ protocol, hostname }: URL) => protocol === 'http:' && hostname === '127.0.0.1'

const refused = (reason: WebhookUrlFault) => fail({ code: 'webhook_url_not_allowed', reason } as const)
