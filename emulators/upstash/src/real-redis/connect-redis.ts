import { createClient, ErrorReply, RESP_TYPES } from '@redis/client'
import { withoutPassword } from '@shop/emulator-kit/without-password'
import type { KeyInfo, RedisBackend } from '../redis/backend.ts'
import { aborted, unknownCommand } from '../redis/refusals.ts'
import { type Bytes, type Command, RedisError, type Reply, Status, toText } from '../redis/reply.ts'
import { sha1, withoutUpstashFlags } from '../redis/script-source.ts'
import { peek } from './peek.ts'

const CONNECT_MILLISECONDS = 2000

/** Maps bulk strings to bytes and leaves status replies as text, which distinguishes the two. */
const TYPES = { [RESP_TYPES.BLOB_STRING]: Buffer }

/** Commands that change or block the connection that all requests share. Upstash refuses them over REST too. */
const NOT_OVER_REST =
  /^(?:MULTI|EXEC|DISCARD|WATCH|UNWATCH|S?P?(?:UN)?SUBSCRIBE|MONITOR|SELECT|AUTH|HELLO|RESET|QUIT|CLIENT|SHUTDOWN|B(?:L|R|Z)\w+|WAIT|WAITAOF|SYNC|PSYNC)$/

/**
 * Connects to a real Redis.
 *
 * Removing Upstash's own flag from a script changes its SHA-1, so the backend maps the client's SHA-1 to Redis's.
 *
 * @param setting the caller's name of the URL, for error messages
 * @throws Error when no Redis answers; the message says what to do
 */
export async function connectRedis(url: string, setting: string): Promise<RedisBackend> {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) throw new Error(`${setting} must be redis://… or rediss://…`)
  const client = createClient({
    url,
    RESP: 2,
    // A command queued until Redis returns would be answered long after its caller gave up.
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECT_MILLISECONDS },
  })
  let connected = false
  const firstFailure = new Promise<never>((_, reject) => {
    client.on('error', (cause: Error) => {
      if (connected) return
      const hint = `Start it, correct ${setting}, or leave it out to keep everything in memory.`
      reject(
        new Error(`No Redis answers at ${setting}=${withoutPassword(url)}: ${reasonOf(cause)}. ${hint}`, { cause }),
      )
    })
  })
  await Promise.race([client.connect(), firstFailure]).catch((error: unknown) => {
    client.destroy()
    throw error
  })
  connected = true
  return new RealRedis(client)
}

/** For a host with several addresses, node's error has no message of its own, only one per address. */
function reasonOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(String).join(', ') : error.message
}

/** The used part of the Redis client. */
interface Connection {
  sendCommand<T>(args: Buffer[], options: { typeMapping: typeof TYPES }): Promise<T>
  close(): Promise<void>
}

class RealRedis implements RedisBackend {
  readonly #connection: Connection
  /** SHA-1 of a script as the client sent it → SHA-1 of the script as Redis received it. */
  readonly #shas = new Map<string, string>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async run(command: Command): Promise<Reply> {
    if (NOT_OVER_REST.test(command[0].toUpperCase())) return unknownCommand(command)
    const reply = await this.#send(this.#translated(command))
    return isScriptLoad(command) && typeof reply === 'string' ? sha1(command[2] ?? '') : reply
  }

  /** Sends all commands in one write, so that no other request's commands come in between. */
  async transaction(commands: readonly Command[]): Promise<Reply[] | RedisError> {
    if (commands.some(([name]) => NOT_OVER_REST.test(name.toUpperCase()))) return aborted()
    const queued = [['MULTI'] as const, ...commands.map((command) => this.#translated(command)), ['EXEC'] as const]
    const replies = await Promise.all(queued.map((command) => this.#send(command)))
    const executed = replies.at(-1)
    if (Array.isArray(executed)) return executed
    return executed instanceof RedisError ? executed : new RedisError('ERR the transaction was not executed')
  }

  async keys(limit: number): Promise<KeyInfo[]> {
    const found = await this.#send(['SCAN', '0', 'COUNT', String(limit)])
    const keys = Array.isArray(found) && Array.isArray(found[1]) ? found[1].slice(0, limit) : []
    return Promise.all(
      keys.map(async (key) => {
        const name = String(key)
        const [typeReply, left] = await Promise.all([this.#send(['TYPE', name]), this.#send(['PTTL', name])])
        const type = typeReply instanceof Status ? typeReply.text : 'none'
        return {
          key: toText(name),
          type,
          expiresInMs: typeof left === 'number' && left >= 0 ? left : null,
          value: await peek((command) => this.#send(command), name, type),
        }
      }),
    )
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #send(command: Command): Promise<Reply> {
    try {
      const args = command.map((word) => Buffer.from(word, 'latin1'))
      return toReply(await this.#connection.sendCommand<unknown>(args, { typeMapping: TYPES }))
    } catch (error) {
      if (error instanceof ErrorReply) return new RedisError(error.message)
      throw error
    }
  }

  #translated(command: Command): Command {
    const [name, first = '', ...rest] = command
    if (/^EVAL(?:_RO)?$/i.test(name)) return [name, this.#remember(first), ...rest]
    if (/^EVALSHA(?:_RO)?$/i.test(name)) return [name, this.#shaInRedis(first), ...rest]
    if (isScriptLoad(command)) return [name, first, this.#remember(rest[0] ?? ''), ...rest.slice(1)]
    if (/^SCRIPT$/i.test(name) && /^EXISTS$/i.test(first)) {
      return [name, first, ...rest.map((sha) => this.#shaInRedis(sha))]
    }
    return command
  }

  #remember(script: Bytes): Bytes {
    const sent = withoutUpstashFlags(script)
    if (sent !== script) this.#shas.set(sha1(script), sha1(sent))
    return sent
  }

  #shaInRedis(sha: Bytes): Bytes {
    return this.#shas.get(sha.toLowerCase()) ?? sha
  }
}

function isScriptLoad([name, subcommand, ...rest]: Command): boolean {
  return /^SCRIPT$/i.test(name) && /^LOAD$/i.test(subcommand ?? '') && rest.length === 1
}

function toReply(value: unknown): Reply {
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (typeof value === 'string') return new Status(value)
  if (typeof value === 'number' || value === null) return value
  if (value instanceof ErrorReply) return new RedisError(value.message)
  if (Array.isArray(value)) return value.map(toReply)
  throw new TypeError(`Redis sent a value that RESP2 does not have: ${typeof value}`)
}
