import { REQUEST_ID_HEADER, requestIdOf } from '@shop/http/request-id'
import { addSecurityHeaders } from '../middleware/security-headers.ts'

const PATH = /^https?:\/\/[^/?#]+\/health\/?(?:[?#]|$)/

/**
 * Answers a probe, before anything else is made of the request: probes ask often, and say nothing that is worth a line in
 * the log. Null for any other request, and for one of a browser's page, which needs to be told of origins.
 */
export function answerProbe({ method, url, headers: given }: Request): Response | null {
  if (method !== 'GET' || !PATH.test(url) || given.has('origin')) return null
  const response = new Response('{"status":"ok"}', {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      vary: 'Origin',
      [REQUEST_ID_HEADER]: requestIdOf(given),
    },
  })
  addSecurityHeaders(response.headers, url)
  return response
}
