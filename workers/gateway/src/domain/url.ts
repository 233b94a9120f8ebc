/** Longer ones are refused here with a reason, before some worker does it with another one. */
export const MAX_URL_LENGTH = 8_000

/** What is wrong with a URL, in words for the client, or null. */
export function urlFault(url: string): string | null {
  if (url.length > MAX_URL_LENGTH) return `The URL is longer than ${MAX_URL_LENGTH} characters`
  if (!url.includes('%')) return null
  const { pathname, search } = new URL(url)
  if (/%00/.test(pathname + search)) return 'The URL contains a NUL byte'
  return isDecodable(pathname) && isDecodable(search) ? null : 'The URL is not valid percent-encoded UTF-8'
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
