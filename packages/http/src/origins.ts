import { z } from 'zod'

/**
 * A list of origins, separated by commas, each as browsers send it: `https://shop.example.com`. An upper-case host, a
 * default port, a slash at the end and a path make no other origin, so they are accepted and left out. What is no
 * origin, such as a host without `https://` or a `*`, is refused by name: it would only look as if it were allowed.
 */
export const Origins = z.string().transform((list, context): ReadonlySet<string> => {
  const texts = list.split(',').map((text) => text.trim())
  const origins = texts.flatMap((text) => {
    const origin = text === '' ? undefined : originOf(text)
    if (text !== '' && origin === undefined) {
      context.addIssue({ code: 'custom', message: `"${text}" is no origin such as https://shop.example.com` })
    }
    return origin ?? []
  })
  return new Set(origins)
})

function originOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Not `url.origin`, which is `null` for the schemes of apps, such as capacitor://localhost.
  return url === undefined || url.host === '' || url.host.includes('*') ? undefined : `${url.protocol}//${url.host}`
}
