import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type StoredEndpoint = {
  id: string
  object: 'webhook_endpoint'
  url: string
  enabled_events: string[]
  api_version: string | null
  metadata: Record<string, string>
}

export type StripeEndpoints = {
  url: string
  endpoints: StoredEndpoint[]
  /** Signing secrets by endpoint; Stripe returns each only once. */
  secrets: Record<string, string>
  stop: () => Promise<void>
}

/** The webhook endpoints part of Stripe's API, two per page. */
export async function startStripeEndpoints(): Promise<StripeEndpoints> {
  const endpoints: StoredEndpoint[] = []
  const secrets: Record<string, string> = {}
  let made = 0

  function create(form: URLSearchParams): StoredEndpoint & { secret: string } {
    made += 1
    const id = `we_${made}`
    const secret = `whsec_made_${made}`
    const fields = [...form].filter(([name]) => name.startsWith('metadata['))
    const endpoint: StoredEndpoint = {
      id,
      object: 'webhook_endpoint',
      url: form.get('url') ?? '',
      enabled_events: [...form].filter(([name]) => name.startsWith('enabled_events[')).map(([, value]) => value),
      api_version: form.get('api_version'),
      metadata: Object.fromEntries(fields.map(([name, value]) => [name.slice(9, -1), value])),
    }
    endpoints.push(endpoint)
    secrets[id] = secret
    return { ...endpoint, secret }
  }

  function list(query: URLSearchParams) {
    const after = endpoints.findIndex(({ id }) => id === query.get('starting_after')) + 1
    return { object: 'list', data: endpoints.slice(after, after + 2), has_more: endpoints.length > after + 2 }
  }

  function remove(id: string) {
    const position = endpoints.findIndex((endpoint) => endpoint.id === id)
    if (position !== -1) endpoints.splice(position, 1)
    return { id, object: 'webhook_endpoint', deleted: true }
  }

  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stripe')
    const answer =
      request.method === 'POST'
        ? create(new URLSearchParams(body))
        : request.method === 'DELETE'
          ? remove(pathname.split('/').at(-1) ?? '')
          : list(searchParams)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    endpoints,
    secrets,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
