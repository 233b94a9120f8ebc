import type { Command, RedisError, Reply } from './reply.ts'

/** One key, for a status page. */
export type KeyInfo = {
  key: string
  type: string
  /** Milliseconds left; null when it does not expire. */
  expiresInMs: number | null
  /** How its value begins. */
  value: string
}

/** What executes commands. A refusal by Redis is a reply; a rejection means that Redis gave no answer. */
export interface RedisBackend {
  run(command: Command): Promise<Reply>
  /**
   * Runs all with nothing in between. One that fails while it runs stops no other.
   *
   * @returns RedisError when a command was refused beforehand (unknown, wrong number of arguments): then none ran
   */
  transaction(commands: readonly Command[]): Promise<Reply[] | RedisError>
  /** The first `limit` keys, in no order that means anything. */
  keys(limit: number): Promise<KeyInfo[]>
  close(): Promise<void>
}
