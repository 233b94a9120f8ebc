import { type KeyInfo, type RedisBackend, shorten } from '../redis/backend.ts'
import { aborted, unknownCommand } from '../redis/refusals.ts'
import { type Command, RedisError, type Reply, toText } from '../redis/reply.ts'
import { type CommandSpec, fits, wrongArity } from './command.ts'
import { DATA_COMMANDS } from './commands/index.ts'
import { scriptCommands } from './scripting.ts'
import { Store } from './store.ts'

/**
 * A subset of Redis in this process, with strings in memory: enough for caches, counters and the scripts of
 * @upstash/ratelimit's fixed and sliding windows.
 *
 * Each command, transaction and script runs to its end before the next begins: nothing in here awaits.
 */
export class Engine implements RedisBackend {
  readonly #store = new Store()
  readonly #now: () => Date
  readonly #commands: ReadonlyMap<string, CommandSpec>

  constructor(now: () => Date) {
    this.#now = now
    this.#commands = new Map([...DATA_COMMANDS, ...Object.entries(scriptCommands(this.#store))])
  }

  async run(command: Command): Promise<Reply> {
    this.#store.now = this.#now().getTime()
    return this.#execute(command)
  }

  async transaction(commands: readonly Command[]): Promise<Reply[] | RedisError> {
    if (commands.some((command) => this.#find(command) instanceof RedisError)) return aborted()
    this.#store.now = this.#now().getTime()
    return commands.map((command) => this.#execute(command))
  }

  async keys(limit: number): Promise<KeyInfo[]> {
    this.#store.now = this.#now().getTime()
    return [...this.#store.entries().take(limit)].map(([key, { value, expiresAt }]) => ({
      key: toText(key),
      type: 'string',
      expiresInMs: expiresAt === undefined ? null : expiresAt - this.#store.now,
      value: shorten(toText(value)),
    }))
  }

  async close(): Promise<void> {
    this.#store.clear()
  }

  #execute(command: Command): Reply {
    const spec = this.#find(command)
    if (spec instanceof RedisError) return spec
    try {
      return spec.run(this.#store, command.slice(1))
    } catch (error) {
      if (error instanceof RedisError) return error
      throw error
    }
  }

  #find(command: Command): CommandSpec | RedisError {
    const spec = this.#commands.get(command[0].toUpperCase())
    if (spec === undefined) return this.#unsupported(command)
    return fits(spec, command) ? spec : wrongArity(command[0])
  }

  /** Starts with Redis's message, then lists what this engine supports. */
  #unsupported(command: Command): RedisError {
    const supported = [...this.#commands.keys()].sort().join(', ')
    return new RedisError(
      `${unknownCommand(command).message.trimEnd()} (the in-process engine supports a subset: ${supported})`,
    )
  }
}
