import { migrateObject } from '@shop/http/object-schema'
import { KEPT_MS } from '../domain/listener.ts'
import type { KeptMessage, LiveMessage } from '../domain/message.ts'
import { isLevel } from '../domain/topic.ts'
import { STEPS } from './tables.ts'

type TopicRow = { is_followed: number; position: number; pruned_to: number; closed_at: number | null }
type MessageRow = { number: number; topic: string; type: string; data: string }

/** The rows of one object. Reading an object that nobody listened to writes nothing. */
export class TopicStorage {
  readonly #storage: DurableObjectStorage
  #hasTables: boolean

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    this.#hasTables = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").toArray().length > 0
    if (this.#hasTables) migrateObject(storage, STEPS)
  }

  get hasTables(): boolean {
    return this.#hasTables
  }

  /** The number of the newest message, or of none yet. */
  lastNumber(): number {
    return this.#all<{ last: number }>('SELECT last FROM numbers')[0]?.last ?? 0
  }

  /**
   * Where a client that got message `number` continues: undefined when messages of its topics may be missing since then.
   */
  resumesAt(topics: readonly string[], number: number | undefined, now: Date): number | undefined {
    if (number === undefined || !this.#hasTables || number > this.lastNumber()) return undefined
    const isComplete = topics.every((topic) => {
      const row = this.#topic(topic)
      return row !== undefined && row.is_followed === 1 && !isOver(row, now) && row.pruned_to <= number
    })
    return isComplete ? number : undefined
  }

  /** Notes that somebody is about to listen. What happens before the topics are followed may be missed. */
  listen(topics: readonly string[], now: Date): void {
    this.#createTables(now)
    for (const topic of topics) {
      const known = this.#topic(topic)
      if (known !== undefined && isOver(known, now)) this.#forget(topic)
      this.#storage.sql.exec(
        `INSERT INTO topics (topic, is_followed, position, pruned_to, closed_at) VALUES (?, 0, 0, ?, ?)
         ON CONFLICT (topic) DO UPDATE SET closed_at = excluded.closed_at WHERE closed_at IS NOT NULL`,
        topic,
        this.lastNumber(),
        now.getTime(),
      )
    }
  }

  /** Notes that a connection is open whose topics are all followed. */
  opened(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#storage.sql.exec('UPDATE topics SET is_followed = 1, closed_at = NULL WHERE topic = ?', topic)
    }
  }

  /** Notes that the last connection of a topic has ended. */
  closed(topic: string, now: Date): void {
    if (!this.#hasTables) return
    this.#storage.sql.exec(
      'UPDATE topics SET closed_at = ? WHERE topic = ? AND closed_at IS NULL',
      now.getTime(),
      topic,
    )
  }

  /** Whether somebody listens to the topic here, or did in the last hour. */
  isListened(topic: string, now: Date): boolean {
    const row = this.#hasTables ? this.#topic(topic) : undefined
    return row !== undefined && !isOver(row, now)
  }

  /**
   * Keeps a message of a topic that is listened to, under the next number.
   *
   * @returns undefined for one that was kept before
   */
  keep({ topic, position, type, data }: LiveMessage, now: Date): KeptMessage | undefined {
    const row = this.#topic(topic)
    if (row === undefined || position <= row.position) return undefined
    const number = this.lastNumber() + 1
    const { sql } = this.#storage
    if (isLevel(topic)) sql.exec('DELETE FROM messages WHERE topic = ?', topic)
    sql.exec(
      'INSERT INTO messages (number, topic, type, data, at) VALUES (?, ?, ?, ?, ?)',
      ...[number, topic, type, JSON.stringify(data), now.getTime()],
    )
    sql.exec('UPDATE numbers SET last = ?', number)
    sql.exec('UPDATE topics SET position = ? WHERE topic = ?', position, topic)
    return { number, topic, type, data }
  }

  /** The messages of topics after one, in their order. */
  messagesAfter(number: number, topics: readonly string[]): KeptMessage[] {
    const wanted = new Set(topics)
    const rows = this.#all<MessageRow>(
      'SELECT number, topic, type, data FROM messages WHERE number > ? ORDER BY number',
      number,
    )
    return rows.filter(({ topic }) => wanted.has(topic)).map((row) => ({ ...row, data: JSON.parse(row.data) }))
  }

  follow(home: string, now: Date): void {
    this.#createTables(now)
    this.#storage.sql.exec('INSERT INTO followers (home) VALUES (?) ON CONFLICT (home) DO NOTHING', home)
  }

  followers(): string[] {
    return this.#all<{ home: string }>('SELECT home FROM followers').map(({ home }) => home)
  }

  unfollow(home: string): void {
    this.#storage.sql.exec('DELETE FROM followers WHERE home = ?', home)
  }

  /** Deletes the messages of more than an hour ago, and topics that nobody has listened to since. */
  prune(now: Date): void {
    const before = now.getTime() - KEPT_MS
    const { sql } = this.#storage
    sql.exec(
      `UPDATE topics SET pruned_to = coalesce(
         (SELECT max(number) FROM messages WHERE messages.topic = topics.topic AND at <= ?), pruned_to)`,
      before,
    )
    sql.exec('DELETE FROM messages WHERE at <= ?', before)
    for (const { topic } of this.#all<{ topic: string }>('SELECT topic FROM topics WHERE closed_at <= ?', before)) {
      this.#forget(topic)
    }
  }

  /** When something is to be pruned next. */
  nextPrune(): Date | undefined {
    if (!this.#hasTables) return undefined
    const [oldest] = this.#all<{ at: number | null }>(
      'SELECT min(at) AS at FROM (SELECT min(at) AS at FROM messages UNION ALL SELECT min(closed_at) FROM topics)',
    )
    return oldest === undefined || oldest.at === null ? undefined : new Date(oldest.at + KEPT_MS)
  }

  /** Whether nothing is left that somebody could need. */
  isEmpty(): boolean {
    if (!this.#hasTables) return true
    return this.#all('SELECT 1 FROM topics UNION ALL SELECT 1 FROM followers LIMIT 1').length === 0
  }

  /** Deletes everything: the object costs nothing until somebody listens again. */
  async deleteAll(): Promise<void> {
    this.#hasTables = false
    await this.#storage.deleteAll()
  }

  #topic(topic: string): TopicRow | undefined {
    return this.#all<TopicRow>(
      'SELECT is_followed, position, pruned_to, closed_at FROM topics WHERE topic = ?',
      topic,
    )[0]
  }

  #forget(topic: string): void {
    this.#storage.sql.exec('DELETE FROM messages WHERE topic = ?', topic)
    this.#storage.sql.exec('DELETE FROM topics WHERE topic = ?', topic)
  }

  /** Numbers begin with the time, so that those of an object that was emptied are never used again. */
  #createTables(now: Date): void {
    if (this.#hasTables) return
    migrateObject(this.#storage, STEPS)
    this.#storage.sql.exec('INSERT INTO numbers (id, last) VALUES (1, ?)', now.getTime())
    this.#hasTables = true
  }

  #all<R extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): R[] {
    return this.#storage.sql.exec<R>(query, ...values).toArray()
  }
}

const isOver = ({ closed_at: closedAt }: TopicRow, now: Date): boolean =>
  closedAt !== null && closedAt <= now.getTime() - KEPT_MS
