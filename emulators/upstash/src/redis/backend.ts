import type { Command, RedisError, Reply } from './reply.ts'

/** One key, for a status page. */
export type KeyInfo = {
  key: string
  type: string
  /** Milliseconds left; null when the key does not expire. */
  expiresInMs: number | null
  /** The start of its value. */
  value: string
}

/** How much of a value a status page shows. */
export const SHOWN_CHARACTERS = 200

export function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}

/** Executes commands. A refusal by Redis is a reply; a rejection means that Redis did not answer. */
export interface RedisBackend {
  run(command: Command): Promise<Reply>
  /**
   * Runs all commands with nothing in between. A command that fails does not stop the others.
   *
   * @returns RedisError when Redis refused a command before running any (unknown, wrong number of arguments)
   */
  transaction(commands: readonly Command[]): Promise<Reply[] | RedisError>
  /** The first `limit` keys, in no particular order. */
  keys(limit: number): Promise<KeyInfo[]>
  close(): Promise<void>
}
