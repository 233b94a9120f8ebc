import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import { LISTENER_HEADER, type Listener } from '../../src/live/domain/listener.ts'

export const objectOf = (topic: string) => env.LIVE_TOPICS.getByName(topic)

type Received = { id: string; topic: string | null; type: string; data: Record<string, unknown> }
export type Client = { received: Received[]; closed: number[]; socket: WebSocket; texts: string[] }

/** Connects to topics, and waits for `live.ready`. */
export async function connect(topics: string[], given: Partial<Listener> = {}): Promise<Client> {
  const listener = { topics: topics.toSorted(), ...given }
  const headers = { upgrade: 'websocket', [LISTENER_HEADER]: JSON.stringify(listener) }
  const { webSocket: socket } = await objectOf(listener.topics[0] ?? '').fetch('https://live/', { headers })
  if (socket === null) throw new Error('No socket')
  const client: Client = { received: [], closed: [], socket, texts: [] }
  socket.addEventListener('message', ({ data }) => {
    const text = String(data)
    if (text.startsWith('{')) client.received.push(JSON.parse(text))
    else client.texts.push(text)
  })
  socket.addEventListener('close', ({ code }) => {
    client.closed.push(code)
  })
  socket.accept()
  await vi.waitFor(() => expect(typesOf(client)).toContain('live.ready'))
  return client
}

const typesOf = ({ received }: Client) => received.map(({ type }) => type)
export const toldTo = ({ received }: Client) =>
  received.flatMap(({ topic, data }) => (topic === null ? [] : [data.available ?? data.status]))

export const tellStatus = (topic: string, status: string, position: number) =>
  objectOf(topic).tell({ topic, position, type: `order.${status}`, data: { status } })

/** When the alarm of a topic is due, in milliseconds since the epoch; 0 without one. */
export const alarmOf = (topic: string): Promise<number> =>
  runInDurableObject(objectOf(topic), async (_, { storage }) => (await storage.getAlarm()) ?? 0)
