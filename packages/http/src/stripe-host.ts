/** Where the Stripe SDK connects to. @param apiBase instead of Stripe's own address; empty means the latter */
export function stripeHost(apiBase: string) {
  if (apiBase === '') return {}
  const { protocol, hostname, port } = new URL(apiBase)
  const isHttp = protocol === 'http:'
  return {
    host: hostname,
    port: port === '' ? (isHttp ? 80 : 443) : Number(port),
    protocol: isHttp ? ('http' as const) : ('https' as const),
  }
}
