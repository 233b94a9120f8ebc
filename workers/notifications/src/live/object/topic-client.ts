import { callObject } from '@shop/http/call-object'
import type { Objects } from '@shop/http/objects'
import { Unavailable } from '@shop/kernel/unavailable'
import { LISTENER_HEADER, type Listener } from '../domain/listener.ts'
import type { LiveMessage } from '../domain/message.ts'
import type { LiveTopicObject } from './topic-object.ts'

const TIMEOUT_MS = 3_000

/** The objects of topics. Each method throws `Unavailable` when an object does not answer. */
export type TopicClient = {
  /** Sends a message to all who listen, once. False when nobody has listened for an hour. */
  tell(message: LiveMessage): Promise<boolean>
  /** Opens a connection: the client's end of its socket. */
  connect(listener: Listener): Promise<WebSocket>
}

export const topicClient = (objects: Objects<LiveTopicObject>): TopicClient => ({
  tell: (message) =>
    callObject(async () => objects(message.topic).tell(message), { dependency: 'live', timeoutMs: TIMEOUT_MS }),

  async connect(listener) {
    const headers = { upgrade: 'websocket', [LISTENER_HEADER]: JSON.stringify(listener) }
    const home = objects(listener.topics[0] ?? '')
    const { webSocket } = await callObject(() => home.fetch('https://live/', { headers }), {
      dependency: 'live',
      timeoutMs: TIMEOUT_MS,
    })
    if (webSocket === null) throw new Unavailable('live')
    return webSocket
  },
})
