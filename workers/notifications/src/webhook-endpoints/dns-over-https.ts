import { z } from 'zod'

/** All addresses of a name, IPv4 and IPv6; none for a name that leads nowhere; undefined when the resolver did not answer. */
export type Resolve = (hostname: string) => Promise<string[] | undefined>

const RESOLVER = 'https://cloudflare-dns.com/dns-query'
const TIMEOUT_MS = 5_000

/** Source: https://www.iana.org/assignments/dns-parameters */
const TYPES = { A: 1, AAAA: 28 } as const

/** Names on the way to an address are answers, too. A name that does not exist, or whose own servers fail, has none. */
const DnsAnswer = z.object({
  Status: z.number(),
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).default([]),
})

/**
 * Resolves names by DNS over HTTPS: a Worker has no other way to see the addresses of a name.
 *
 * Source: https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/
 */
export function dnsOverHttps(ask: typeof fetch = fetch): Resolve {
  const addressesOf = async (hostname: string, type: keyof typeof TYPES): Promise<string[]> => {
    const query = new URLSearchParams({ name: hostname, type })
    const response = await ask(`${RESOLVER}?${query}`, {
      headers: { accept: 'application/dns-json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const { Answer: answers } = DnsAnswer.parse(await response.json())
    return answers.filter((answer) => answer.type === TYPES[type]).map(({ data }) => data)
  }
  return async (hostname) => {
    try {
      const found = await Promise.all([addressesOf(hostname, 'A'), addressesOf(hostname, 'AAAA')])
      return found.flat()
    } catch {
      return undefined
    }
  }
}
