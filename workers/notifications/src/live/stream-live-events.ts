import { serverSentEvent } from './domain/message.ts'

/** Proxies close connections that say nothing; a comment is no event. */
const COMMENT_EVERY_MS = 25_000
/** How long a browser waits before it connects again, in milliseconds. */
const RETRY = 'retry: 2000\n\n'

/**
 * The messages of a socket as a stream of server-sent events, which ends with the socket. The object of the topic hibernates
 * meanwhile, as with any other socket.
 */
export function streamLiveEvents(socket: WebSocket): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let comments: ReturnType<typeof setInterval> | undefined
  return new ReadableStream({
    start(controller) {
      let isOpen = true
      const write = (text: string) => controller.enqueue(encoder.encode(text))
      const end = () => {
        clearInterval(comments)
        if (isOpen) controller.close()
        isOpen = false
      }
      write(RETRY)
      socket.addEventListener('message', ({ data }) => {
        if (isOpen) write(serverSentEvent(String(data)))
      })
      socket.addEventListener('close', end)
      socket.addEventListener('error', end)
      socket.accept()
      comments = setInterval(() => isOpen && write(':\n\n'), COMMENT_EVERY_MS)
    },
    cancel() {
      clearInterval(comments)
      socket.close(1001, 'The client has left')
    },
  })
}
