import { DurableObject } from 'cloudflare:workers'
import { parseEnv } from '@shop/http/env'
import { guarded } from '@shop/http/guard'
import { log } from '@shop/http/log'
import { ObjectSettings, objectsIn } from '@shop/http/objects'
import {
  CHECK_CREDENTIALS_EVERY_MS,
  CLOSE,
  type Connection,
  LISTENER_HEADER,
  type Listener,
  LONGEST_CONNECTION_MS,
} from '../domain/listener.ts'
import { type LiveMessage, numberIn, READY, textOf } from '../domain/message.ts'
import { isPrivate } from '../domain/topic.ts'
import { authoritiesOf } from './authorities.ts'
import { endedCredentials, endedSessions, idOf } from './ended-credentials.ts'
import { TopicStorage } from './topic-storage.ts'

/** Least time between two alarms, so that a busy topic is pruned in batches. */
const PRUNE_EVERY_MS = 600_000

/**
 * One topic of live updates; its name is the topic. It keeps the connections whose first topic it is (it is their home), and the
 * messages of the last hour of all topics that they listen to. The objects of their other topics have it as a follower, and
 * relay their messages to it. So a client has one connection and one sequence of messages, whatever its topics.
 *
 * Idle connections hibernate: the object is not in memory, and the platform answers `ping`. One alarm prunes; while somebody is
 * connected with a credential, which only topics of orders need, it also asks whether that has ended.
 */
export class LiveTopicObject extends DurableObject<NotificationsEnv> {
  readonly #storage: TopicStorage
  readonly #name: string

  constructor(ctx: DurableObjectState, env: NotificationsEnv) {
    super(ctx, env)
    if (ctx.id.name === undefined) throw new Error('A topic has a name')
    this.#name = ctx.id.name
    this.#storage = new TopicStorage(ctx.storage)
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Opens a connection whose first topic this is: sends what the client missed, then `live.ready`. */
  override async fetch(request: Request): Promise<Response> {
    // Only this worker can reach the object, and wrote the header.
    const listener: Listener = JSON.parse(request.headers.get(LISTENER_HEADER) ?? '')
    const { topics, credential, lastEventId } = listener
    const now = new Date()
    const resumesAt = this.#storage.resumesAt(topics, numberIn(lastEventId, this.#name), now)
    this.#storage.listen(topics, now)
    const others = topics.filter((topic) => topic !== this.#name)
    await Promise.all(others.map((topic) => this.#topics(topic).follow(this.#name)))
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    server.serializeAttachment({ topics, credential, openedAt: now.getTime() } satisfies Connection)
    this.#storage.opened(topics)
    const missed = resumesAt === undefined ? [] : this.#storage.messagesAfter(resumesAt, topics)
    for (const message of missed) server.send(textOf(this.#name, message))
    const data = { topics, is_resumed: resumesAt !== undefined }
    server.send(textOf(this.#name, { number: this.#storage.lastNumber(), topic: null, type: READY, data }))
    await this.#setAlarm()
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Relays messages of this topic to another home from now on, until nobody listens there. */
  async follow(home: string): Promise<void> {
    this.#storage.follow(home, new Date())
  }

  /**
   * Sends a message of this topic to all who listen, wherever. Telling it twice sends it once.
   *
   * @returns false when nobody has listened for an hour: then there is no need to tell this topic
   */
  async tell(message: LiveMessage): Promise<boolean> {
    if (!this.#storage.hasTables) return false
    const followers = await Promise.all(
      this.#storage.followers().map(async (home) => {
        const isListened = await this.#topics(home).relay(message)
        if (!isListened) this.#storage.unfollow(home)
        return isListened
      }),
    )
    return (await this.relay(message)) || followers.includes(true)
  }

  /** Sends a message to those who are connected here. False when nobody has listened to its topic for an hour. */
  async relay(message: LiveMessage): Promise<boolean> {
    const ended = isPrivate(message.topic)
      ? await endedSessions(authoritiesOf(this.env), this.#socketsOf(message.topic).map(credentialOf))
      : new Set<string>()
    // No await from here to the end: so the message is kept and sent at one place in the sequence.
    const now = new Date()
    const sockets = this.#socketsOf(message.topic)
    if (sockets.length === 0) this.#storage.closed(message.topic, now)
    if (!this.#storage.isListened(message.topic, now)) return false
    const kept = this.#storage.keep(message, now)
    if (kept === undefined) return true
    const text = textOf(this.#name, kept)
    for (const one of sockets) {
      if (hasEnded(one, ended)) closeEnded(one)
      else one.socket.send(text)
    }
    await this.#setAlarm()
    return true
  }

  override webSocketMessage(socket: WebSocket): void {
    socket.close(CLOSE.unexpectedMessage, 'Only "ping" is answered')
  }

  override webSocketClose(socket: WebSocket): Promise<void> {
    return guarded('live_close_failed', async () => {
      // The runtime does not answer a close by itself, and the client waits for that (RFC 6455, 7.1.2).
      socket.close(CLOSE.answered)
      await this.#left(socket)
    })
  }

  override webSocketError(socket: WebSocket): Promise<void> {
    return guarded('live_close_failed', () => this.#left(socket))
  }

  override alarm(): Promise<void> {
    return guarded('live_alarm_failed', async () => {
      const now = new Date()
      for (const { socket, connection } of this.#connections()) {
        if (connection.openedAt + LONGEST_CONNECTION_MS > now.getTime()) continue
        socket.close(CLOSE.renew, 'Connect again')
        await this.#left(socket)
      }
      await this.#tryToCloseEnded()
      if (this.#storage.hasTables && isDue(this.#storage.nextPrune(), now)) this.#storage.prune(now)
      if (this.#storage.isEmpty()) await this.#storage.deleteAll()
      else await this.#setAlarm(new Date(now.getTime() + PRUNE_EVERY_MS))
    })
  }

  /** Closes the connections whose credential has ended. What cannot be known now is asked again by the next alarm. */
  async #tryToCloseEnded(): Promise<void> {
    try {
      const ended = await endedCredentials(authoritiesOf(this.env), this.#connections().map(credentialOf))
      for (const one of this.#connections().filter((connected) => hasEnded(connected, ended))) {
        closeEnded(one)
        await this.#left(one.socket)
      }
    } catch (error) {
      log('warn', 'live_credentials_not_checked', { error })
    }
  }

  /** Notes which topics have lost their last listener. */
  async #left(socket: WebSocket): Promise<void> {
    const now = new Date()
    const open = this.#connections().filter((one) => one.socket !== socket)
    const left = connectionOf(socket).topics.filter((topic) => !open.some(({ connection }) => hears(connection, topic)))
    for (const topic of left) this.#storage.closed(topic, now)
    await this.#setAlarm()
  }

  #connections(): Connected[] {
    return this.ctx
      .getWebSockets()
      .filter(({ readyState }) => readyState === WebSocket.OPEN)
      .map((socket) => ({ socket, connection: connectionOf(socket) }))
  }

  #socketsOf(topic: string) {
    return this.#connections().filter(({ connection }) => hears(connection, topic))
  }

  #topics(name: string) {
    return objectsIn<LiveTopicObject>(this.env.LIVE_TOPICS, this.#settings())(name)
  }

  #settings(): ObjectSettings {
    return parseEnv(ObjectSettings, this.env)
  }

  /**
   * An alarm that is due earlier stays, since it sets the next one. So does one that is hardly later, so that a busy topic does not
   * set one for each message.
   */
  async #setAlarm(notBefore = new Date()): Promise<void> {
    const connections = this.#connections().map(({ connection }) => connection)
    const oldest = Math.min(...connections.map(({ openedAt }) => openedAt))
    const pruned = this.#storage.nextPrune()?.getTime() ?? Number.POSITIVE_INFINITY
    const tidied = Math.max(Math.min(oldest + LONGEST_CONNECTION_MS, pruned), notBefore.getTime())
    const hasCredentials = connections.some(({ credential }) => credential !== undefined)
    const checked = hasCredentials ? Date.now() + CHECK_CREDENTIALS_EVERY_MS : Number.POSITIVE_INFINITY
    const next = Math.min(tidied, checked)
    if (!Number.isFinite(next)) return
    const known = await this.ctx.storage.getAlarm()
    const isLate = known === null || known - next > (hasCredentials ? 0 : PRUNE_EVERY_MS)
    if (isLate) await this.ctx.storage.setAlarm(next)
  }
}

type Connected = { socket: WebSocket; connection: Connection }

const connectionOf = (socket: WebSocket): Connection => socket.deserializeAttachment()
const hears = ({ topics }: Connection, topic: string): boolean => topics.includes(topic)
const credentialOf = ({ connection }: Connected) => connection.credential
const hasEnded = ({ connection: { credential } }: Connected, ended: ReadonlySet<string>): boolean =>
  credential !== undefined && ended.has(idOf(credential))
const closeEnded = ({ socket }: Connected): void => socket.close(CLOSE.accessEnded, 'Access has ended')
const isDue = (at: Date | undefined, now: Date): boolean => at !== undefined && at <= now
