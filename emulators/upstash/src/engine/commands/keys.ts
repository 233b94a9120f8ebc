import { type Bytes, RedisError, type Reply } from '../../redis/reply.ts'
import { arg, type CommandTable, syntaxError } from '../command.ts'
import { globToRegExp } from '../glob.ts'
import { parseInteger } from '../numbers.ts'
import type { Store } from '../store.ts'

function remove(store: Store, keys: readonly Bytes[]): Reply {
  return keys.filter((key) => store.delete(key)).length
}

function countExisting(store: Store, keys: readonly Bytes[]): Reply {
  return keys.filter((key) => store.get(key) !== undefined).length
}

function matching(store: Store, pattern: Bytes): Bytes[] {
  const wanted = globToRegExp(pattern)
  return [...store.entries()].map(([key]) => key).filter((key) => wanted.test(key))
}

/** Returns all matching keys at once. Redis allows this: COUNT is a hint (https://redis.io/commands/scan). */
function scan(store: Store, [cursor = '', ...options]: readonly Bytes[]): Reply {
  if (!/^\d{1,20}$/.test(cursor)) throw new RedisError('ERR invalid cursor')
  let pattern = '*'
  for (let at = 0; at < options.length; at += 2) {
    const [name, value] = [arg(options, at).toUpperCase(), arg(options, at + 1)]
    if (name === 'MATCH') pattern = value
    else if (name !== 'COUNT') throw syntaxError("the in-process engine's SCAN supports MATCH and COUNT only")
    else if (parseInteger(value) < 1) throw syntaxError()
  }
  return ['0', matching(store, pattern)]
}

export const KEY_COMMANDS: CommandTable = {
  DEL: { arity: -2, run: remove },
  EXISTS: { arity: -2, run: countExisting },
  KEYS: { arity: 2, run: (store, args) => matching(store, arg(args, 0)) },
  SCAN: { arity: -2, run: scan },
}
