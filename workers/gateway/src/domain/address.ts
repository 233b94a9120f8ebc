/** Without Cloudflare in front, as in development, all clients are one. */
const NOWHERE = 'unknown'

/**
 * What a client address counts as for the limit: an IPv4 address is itself; of an IPv6 address the network of 64 bits,
 * because whoever has one address of it has all of them.
 */
export function limitedAddress(address: string | null): string {
  if (!address?.includes(':')) return address ?? NOWHERE
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
