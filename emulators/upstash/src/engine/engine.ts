import type { KeyInfo, RedisBackend } from '../backend.ts'
import { peek } from '../peek.ts'
import { aborted, unknownCommand } from '../refusals.ts'
import { type Command, RedisError, type Reply, toText } from '../reply.ts'
import { type CommandSpec, fits, wrongArity } from './command.ts'
import { DATA_COMMANDS } from './commands/index.ts'
import { scriptCommands } from './scripting.ts'
import { Store } from './store.ts'

/**
 * Redis in this process, its data in memory: enough for caches, counters and the scripts of @upstash/ratelimit.
 *
 * Each command, transaction and script runs from beginning to end before anything else: nothing in here waits.
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
    if (commands.some((command) => this.#find(command) instanceof RedisError)) {
      return aborted()
    }
    this.#store.now = this.#now().getTime()
    return commands.map((command) => this.#execute(command))
  }

  async keys(limit: number): Promise<KeyInfo[]> {
    this.#store.now = this.#now().getTime()
    const entries = [...this.#store.entries().take(limit)]
    return Promise.all(
      entries.map(async ([key, { type, expiresAt }]) => ({
        key: toText(key),
        type,
        expiresInMs: expiresAt === undefined ? null : expiresAt - this.#store.now,
        value: await peek((command) => this.run(command), key, type),
      })),
    )
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
    if (spec === undefined) return unknownCommand(command)
    return fits(spec, command) ? spec : wrongArity(command[0])
  }
}
