/** Longer URLs are refused here with a reason, before a worker refuses them for another. */
const MAX_URL_LENGTH = 8_000

/**
 * The same URL with one slash wherever its path has several, as joining a base address that ends with a slash to a path
 * makes them. The path is changed as text: read as a reference, `//evil.example` would be another host.
 */
export function withSingleSlashes(url: string): string {
  const [, origin = '', path = ''] = /^([^:/?#]+:\/\/[^/?#]*)([^?#]*)/.exec(url) ?? []
  if (!path.includes('//')) return url
  return origin + path.replace(/\/{2,}/g, '/') + url.slice(origin.length + path.length)
}

/** What is wrong with a URL, in words for the client. */
export function urlProblem(url: string): string | undefined {
  if (url.length > MAX_URL_LENGTH) return `The URL is longer than ${MAX_URL_LENGTH} characters`
  if (!url.includes('%')) return undefined
  const { pathname, search } = new URL(url)
  if (/%00/.test(pathname + search)) return 'The URL contains a NUL byte'
  return isDecodable(pathname) && isDecodable(search) ? undefined : 'The URL is not valid percent-encoded UTF-8'
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
