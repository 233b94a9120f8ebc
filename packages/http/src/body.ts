const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])
const JSON_MEDIA_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i

/** False for a body that is not said to be JSON: a form or a text must never be taken for an empty object. */
export function isJsonOrNothing(request: Request): boolean {
  if (!METHODS_WITH_BODY.has(request.method) || request.body === null) return true
  return JSON_MEDIA_TYPE.test(request.headers.get('content-type') ?? '')
}
