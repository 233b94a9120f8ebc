import { createServer } from 'node:http'
import { hang, type StatusFault, type TransportFault, underFault } from '@shop/emulator-kit/fault-effects'
import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'
import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import type { WebhookDeliveryBody } from './webhook-bodies.ts'

export type WebhookEvent = WebhookDeliveryBody['request']['body']

type Fault = (TransportFault | StatusFault) & FaultCounts

/** Faults of the deliveries to a receiver. */
class Faults extends FaultList<Fault> {
  /** The fault for this delivery, counted as a hit. */
  hit(): Fault | undefined {
    return this.hitFirst(() => true)
  }
}

/** A receiver of webhooks that takes every event. */
export type WebhookReceiver = {
  url: string
  /** All that it took, in the order in which it came. One that was sent twice is in it twice. */
  events: WebhookEvent[]
  faults: Pick<Faults, 'add' | 'clear'>
  stop(): Promise<void>
}

/** Starts a receiver on this machine, where webhooks of a shop in development may go. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const events: WebhookEvent[] = []
  const faults = new Faults()
  const stopping = new AbortController()
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const take = async () => {
      events.push(JSON.parse(body))
      return 204
    }
    const outcome = await underFault(faults.hit(), take, ({ status }) => status, stopping.signal)
    if (outcome === 'cut') return void request.socket.destroy()
    if (outcome === 'hang') return hang(request.socket, stopping.signal)
    response.writeHead(outcome.answer).end()
  })
  const port = await listenOnLoopback(server, 0, 'a receiver of webhooks')
  return {
    url: `http://${LOOPBACK}:${port}/hooks`,
    events,
    faults,
    stop: () => {
      stopping.abort()
      const ended = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return ended
    },
  }
}
