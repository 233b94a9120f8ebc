/** Without Cloudflare in front, as in development, all clients share one counter. */
const UNKNOWN = 'unknown'

/** The first five groups are 0, the sixth is ffff: an IPv4 address, written as IPv6 (RFC 4291, section 2.5.5.2). */
const IPV4_MAPPED = /^(?:0:){5}ffff:([\da-f]{1,4}):([\da-f]{1,4})$/

/**
 * The address that a limit of load counts a client by: an IPv4 address itself, an IPv6 address by its /64, because one
 * client usually has the whole network.
 */
export function limitedAddress(address: string | undefined): string {
  if (!address?.includes(':')) return address ?? UNKNOWN
  const groups = groupsOf(address)
  if (groups === undefined) return address
  return mappedAddress(groups) ?? `${groups.slice(0, 4).join(':')}::/64`
}

/**
 * The /48 of an IPv6 address: the most that a provider gives to one site (RFC 6177), which could otherwise count as
 * 65,536 clients. Undefined for an IPv4 address.
 */
export function limitedNetwork(address: string | undefined): string | undefined {
  const groups = address?.includes(':') ? groupsOf(address) : undefined
  if (groups === undefined || mappedAddress(groups) !== undefined) return undefined
  return `${groups.slice(0, 3).join(':')}::/48`
}

/**
 * What the limits of orders and payments, the exact limits of the workers, and their caps count a client by: an IPv4
 * address, or the /48 of an IPv6 address. Either stands for a site: the figures allow for the many people behind one IPv4
 * address.
 */
export function limitedSite(address: string | undefined): string {
  return limitedNetwork(address) ?? limitedAddress(address)
}

/** The eight groups of an IPv6 address without leading zeros; undefined for anything else. */
function groupsOf(address: string): string[] | undefined {
  const hex = address
    .toLowerCase()
    .replace(/%.*$/, '')
    .replace(/(?<=:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/, asGroups)
  const [head = '', tail, ...more] = hex.split('::')
  const [left, right] = [partsOf(head), partsOf(tail)]
  const missing = 8 - left.length - right.length
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right]
  return groups.every((group) => /^[\da-f]{1,4}$/.test(group))
    ? groups.map((group) => group.replace(/^0+(?=.)/, ''))
    : undefined
}

const partsOf = (text: string | undefined) => (text ? text.split(':') : [])

/** The end of an address that is written as an IPv4 address, as two groups. */
function asGroups(_: string, ...bytes: string[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number)
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

function mappedAddress(groups: readonly string[]): string | undefined {
  const [, high, low] = IPV4_MAPPED.exec(groups.join(':')) ?? []
  if (high === undefined || low === undefined) return undefined
  const bytes = [high, low].map((group) => Number.parseInt(group, 16)).flatMap((pair) => [pair >> 8, pair & 255])
  return bytes.join('.')
}
