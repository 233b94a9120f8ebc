import type { RedisRequester } from '@shop/http/redis-requester'

type Answer = { result?: unknown; error?: string }
type Waiting = { command: unknown; resolve: (answer: Answer) => void; reject: (error: unknown) => void }

/**
 * Sends the commands of one turn of the event loop in one round trip. For one request only: two requests that shared it
 * would wait for each other's I/O, which hangs when the other one is cancelled.
 */
export function pipelined(requester: RedisRequester): RedisRequester {
  let waiting: Waiting[] = []

  async function send(): Promise<void> {
    const sent = waiting
    waiting = []
    try {
      const body = sent.map(({ command }) => command)
      // A pipeline answers a list, which the requester's type leaves to the caller.
      const answers: unknown = await requester.request({ path: ['pipeline'], body })
      if (!Array.isArray(answers) || answers.length !== sent.length) throw new Error('Not the answers of a pipeline')
      for (const [index, { resolve }] of sent.entries()) resolve(answers[index])
    } catch (error) {
      for (const { reject } of sent) reject(error)
    }
  }

  return {
    request: <T>({ body }: { body?: unknown }) =>
      new Promise<{ result?: T; error?: string }>((resolve, reject) => {
        // Which command is answered decides what T is.
        waiting.push({ command: body, resolve: (answer) => resolve(answer as { result?: T }), reject })
        if (waiting.length === 1) queueMicrotask(send)
      }),
  }
}
