/** Longer URLs are refused here with a reason, before a worker refuses them for another. */
const MAX_URL_LENGTH = 8_000

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
