/**
 * Receives webhooks of the shop. Run it with the secret of an endpoint:
 *
 *   npm install standardwebhooks
 *   WEBHOOK_SECRET=whsec_… PORT=4000 node webhook-receiver.ts
 */
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

type ShopEvent = {
  type: string
  timestamp: string
  id: string
  sequence: number
  key?: string
  data: Record<string, unknown>
}

const { WEBHOOK_SECRET = '', PORT = '4000' } = process.env
const webhook = new Webhook(WEBHOOK_SECRET)

/** Keep these in your database, written together with what the event leads to. */
const received = new Set<string>()
const newest = new Map<string, number>()

function handle({ id, type, key = id, sequence }: ShopEvent): void {
  // The same event may come twice.
  if (received.has(id)) return
  received.add(id)
  // An older event may come after a newer one of its key, when it failed before.
  const isNewest = sequence >= (newest.get(key) ?? 0)
  if (isNewest) newest.set(key, sequence)
  console.log(JSON.stringify({ type, key, sequence, isNewest }))
}

const server = createServer(async (request, response) => {
  // The signature is over the bytes of the body: verify before you parse.
  const body = Buffer.concat(await request.toArray()).toString('utf8')
  try {
    webhook.verify(body, request.headers as Record<string, string>)
  } catch {
    response.writeHead(400).end('The signature does not match')
    return
  }
  handle(JSON.parse(body))
  // Answer within 10 seconds; what takes longer belongs into a queue of your own.
  response.writeHead(204).end()
})

server.listen(Number(PORT), '127.0.0.1', () => console.log(JSON.stringify({ listening: Number(PORT) })))
