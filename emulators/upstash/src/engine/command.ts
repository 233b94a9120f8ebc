import { type Bytes, RedisError, type Reply } from '../reply.ts'
import type { Store } from './store.ts'

/** Runs a command; throws RedisError to refuse it. Arguments come without the command's name. */
export type Run = (store: Store, args: readonly Bytes[]) => Reply

/**
 * One command. `arity` counts as Redis does, the name included: exactly so many words, or at least so many when
 * negative.
 */
export type CommandSpec = { arity: number; run: Run }

export type CommandTable = Readonly<Record<string, CommandSpec>>

/** @param command the name and its arguments */
export function fits({ arity }: CommandSpec, command: readonly unknown[]): boolean {
  return arity < 0 ? command.length >= -arity : command.length === arity
}

/** An argument whose presence the arity has proven. */
export function arg(args: readonly Bytes[], index: number): Bytes {
  const value = args[index]
  if (value === undefined) throw syntaxError()
  return value
}

/** Arguments two by two. @throws RedisError when one is left alone */
export function pairs(args: readonly Bytes[], command: string): [Bytes, Bytes][] {
  if (args.length === 0 || args.length % 2 !== 0) throw wrongArity(command)
  return Array.from({ length: args.length / 2 }, (_, index) => [arg(args, index * 2), arg(args, index * 2 + 1)])
}

export function syntaxError(): RedisError {
  return new RedisError('ERR syntax error')
}

export function wrongArity(command: string): RedisError {
  return new RedisError(`ERR wrong number of arguments for '${command.toLowerCase()}' command`)
}

/** Reads options from the left, their names in any case. */
export class Options {
  readonly #args: readonly Bytes[]
  #at = 0

  constructor(args: readonly Bytes[]) {
    this.#args = args
  }

  /** The next option's name in upper case; undefined at the end. */
  next(): string | undefined {
    const option = this.#args[this.#at]
    this.#at += 1
    return option?.toUpperCase()
  }

  value(): Bytes {
    const value = this.#args[this.#at]
    if (value === undefined) throw syntaxError()
    this.#at += 1
    return value
  }

  /** `count` values, refused with `refusal` when fewer are left. */
  values(count: number, refusal: RedisError): Bytes[] {
    const values = this.#args.slice(this.#at, this.#at + count)
    if (values.length < count) throw refusal
    this.#at += count
    return values
  }

  rest(): readonly Bytes[] {
    return this.#args.slice(this.#at)
  }
}
