/**
 * Addresses that no webhook may reach: of this host, of private and link-local networks, of the platform, and all that are not
 * assigned to somebody on the public internet.
 *
 * Source: https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const REFUSED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  // Multicast, reserved and broadcast.
  '224.0.0.0/3',
  // The host of virtual machines at Azure, which answers with their metadata.
  '168.63.129.16/32',
]

/** The only part of IPv6 that is assigned as global unicast: mapped, compatible, NAT64, local and multicast addresses are outside. */
const GLOBAL_IPV6 = '2000::/3'

/** Source: https://www.iana.org/assignments/iana-ipv6-special-registry */
const REFUSED_IPV6 = [
  // Teredo, benchmarking, ORCHID and others.
  '2001::/23',
  '2001:db8::/32',
  // 6to4: has an IPv4 address in it.
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
]

const IPV4_BITS = 32
const IPV6_BITS = 128

/** True for an address, in any spelling that the URL parser knows, that is on the public internet. */
export function isPublicAddress(text: string): boolean {
  const [v4, v6] = [ipv4Of(text), ipv6Of(text)]
  if (v4 !== undefined) return !REFUSED_IPV4.some((range) => isWithin(v4, range, ipv4Of, IPV4_BITS))
  if (v6 === undefined) return false
  return (
    isWithin(v6, GLOBAL_IPV6, ipv6Of, IPV6_BITS) &&
    !REFUSED_IPV6.some((range) => isWithin(v6, range, ipv6Of, IPV6_BITS))
  )
}

/** Whether a host, as the URL parser writes it, is an address and no name. */
export const isAddress = (host: string): boolean => ipv4Of(host) !== undefined || ipv6Of(host) !== undefined

function isWithin(address: bigint, range: string, read: (text: string) => bigint | undefined, bits: number): boolean {
  const [network = '', length = ''] = range.split('/')
  const shift = BigInt(bits - Number(length))
  return address >> shift === (read(network) ?? 0n) >> shift
}

/** The parser writes every spelling (decimal, hexadecimal, octal, short) as four decimal numbers. */
function ipv4Of(text: string): bigint | undefined {
  const host = text.includes(':') ? undefined : hostOf(text)
  if (host === undefined || !/^\d+\.\d+\.\d+\.\d+$/.test(host)) return undefined
  return host.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

/** The parser writes every spelling in hexadecimal, with at most one `::`. */
function ipv6Of(text: string): bigint | undefined {
  const bare = text.replace(/^\[|\]$/g, '')
  const host = hostOf(`[${bare}]`)
  if (host === undefined) return undefined
  const [before = '', after] = host.slice(1, -1).split('::')
  const [left, right] = [groupsOf(before), groupsOf(after ?? '')]
  const missing = Array.from({ length: 8 - left.length - right.length }, () => 0n)
  return [...left, ...missing, ...right].reduce((bits, group) => (bits << 16n) | group, 0n)
}

const groupsOf = (text: string): bigint[] => (text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`)))

const hostOf = (host: string): string | undefined => URL.parse(`https://${host}/`)?.hostname
