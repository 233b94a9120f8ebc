/** A URL that is safe to show and to log. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '(not a URL)'
  const shown = new URL(url)
  if (shown.password !== '') shown.password = '***'
  return shown.href
}
