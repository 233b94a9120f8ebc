/** Without Cloudflare in front, as in development, all clients share one counter. */
const UNKNOWN = 'unknown'

/**
 * The address that limits count a client by: an IPv4 address itself, an IPv6 address by its /64, because one client
 * usually has the whole network.
 */
export function limitedAddress(address: string | undefined): string {
  if (!address?.includes(':')) return address ?? UNKNOWN
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
