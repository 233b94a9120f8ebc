import { freshAddress } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'

const OPENS_WITHIN_MS = 10_000

export type LiveReceived = { id: string; topic: string | null; type: string; data: Record<string, unknown> }
export type LiveClient = {
  received: LiveReceived[]
  close(): void
  /** The code with which the shop closed a WebSocket; undefined while it is open, and of a stream. */
  closedWith(): number | undefined
}
type Opening = { ticket: string; lastEventId?: string | undefined; origin?: string }

const targetOf = (url: string, path: string, { ticket, lastEventId }: Opening) =>
  `${url}${path}?${new URLSearchParams({ ticket, ...(lastEventId === undefined ? {} : { last_event_id: lastEventId }) })}`

/** Opens a WebSocket, and waits for `live.ready`. Fails when it is refused. */
export async function openSocket(url: string, opening: Opening): Promise<LiveClient> {
  const { origin } = opening
  const target = targetOf(url, '/api/live', opening).replace(/^http/, 'ws')
  // Each page is another browser; an address may only send so many requests.
  const headers = { 'cf-connecting-ip': freshAddress(), ...(origin === undefined ? {} : { origin }) }
  // Node's WebSocket takes options, too; the types are those of browsers.
  const socket = new WebSocket(target, { headers } as unknown as string[])
  const received: LiveReceived[] = []
  const opened = Promise.withResolvers<void>()
  socket.addEventListener('message', ({ data }) => {
    const message: LiveReceived = JSON.parse(String(data))
    received.push(message)
    if (message.type === 'live.ready') opened.resolve()
  })
  socket.addEventListener('error', () => opened.reject(new Error('The WebSocket was refused')))
  let code: number | undefined
  socket.addEventListener('close', (closed) => {
    code = closed.code
    opened.reject(new Error('The WebSocket was closed'))
  })
  await opened.promise
  return { received, close: () => socket.close(), closedWith: () => code }
}

/** Opens a stream of server-sent events, and waits for `live.ready`. */
export async function openEvents(url: string, opening: Opening): Promise<LiveClient> {
  const abort = new AbortController()
  const response = await fetch(targetOf(url, '/api/live/events', opening), { signal: abort.signal })
  if (response.status !== 200 || response.body === null) throw new Error(`The stream answered ${response.status}`)
  const received: LiveReceived[] = []
  const read = async (stream: ReadableStream<Uint8Array>) => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data !== undefined) received.push(JSON.parse(data))
      }
    }
  }
  // Closing aborts the stream.
  read(response.body).catch(() => undefined)
  await eventually(
    async () => received,
    (all) => all.some(({ type }) => type === 'live.ready'),
    OPENS_WITHIN_MS,
  )
  return { received, close: () => abort.abort(), closedWith: () => undefined }
}
