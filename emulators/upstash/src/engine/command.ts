import { type Bytes, RedisError, type Reply } from '../redis/reply.ts'
import type { Store } from './store.ts'

/** Runs a command on its arguments, without the command's name. Throws RedisError to refuse it. */
export type Run = (store: Store, args: readonly Bytes[]) => Reply

/** One command. `arity` counts the name too, as in Redis: exactly that many words, or at least -arity if negative. */
export type CommandSpec = { arity: number; run: Run }

export type CommandTable = Readonly<Record<string, CommandSpec>>

/** @param command the name and its arguments */
export function fits({ arity }: CommandSpec, command: readonly unknown[]): boolean {
  return arity < 0 ? command.length >= -arity : command.length === arity
}

/** An argument. @throws RedisError when it is missing */
export function arg(args: readonly Bytes[], index: number): Bytes {
  const value = args[index]
  if (value === undefined) throw syntaxError()
  return value
}

/** @param reason extends Redis's message when Redis itself would accept the command */
export function syntaxError(reason?: string): RedisError {
  return new RedisError(reason === undefined ? 'ERR syntax error' : `ERR syntax error: ${reason}`)
}

export function wrongArity(command: string): RedisError {
  return new RedisError(`ERR wrong number of arguments for '${command.toLowerCase()}' command`)
}
