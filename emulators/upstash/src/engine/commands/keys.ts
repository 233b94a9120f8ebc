import { type Bytes, OK, RedisError, type Reply, Status } from '../../reply.ts'
import { arg, type CommandTable, syntaxError } from '../command.ts'
import { globToRegExp } from '../glob.ts'
import type { Store } from '../store.ts'
import { scan } from './scan.ts'

function remove(store: Store, keys: readonly Bytes[]): Reply {
  return keys.filter((key) => store.delete(key)).length
}

function countExisting(store: Store, keys: readonly Bytes[]): Reply {
  return keys.filter((key) => store.get(key) !== undefined).length
}

function typeOf(store: Store, [key = '']: readonly Bytes[]): Reply {
  return new Status(store.get(key)?.type ?? 'none')
}

function matching(store: Store, [pattern = '']: readonly Bytes[]): Reply {
  const wanted = globToRegExp(pattern)
  return [...store.entries()].map(([key]) => key).filter((key) => wanted.test(key))
}

function rename(store: Store, args: readonly Bytes[]): Reply {
  const [from, to] = [arg(args, 0), arg(args, 1)]
  if (store.get(from) === undefined) throw new RedisError('ERR no such key')
  if (from !== to) store.move(from, to)
  return OK
}

function renameIfAbsent(store: Store, args: readonly Bytes[]): Reply {
  const [from, to] = [arg(args, 0), arg(args, 1)]
  if (store.get(from) === undefined) throw new RedisError('ERR no such key')
  if (store.get(to) !== undefined) return 0
  store.move(from, to)
  return 1
}

function flush(store: Store, [mode]: readonly Bytes[]): Reply {
  if (mode !== undefined && !/^a?sync$/i.test(mode)) throw syntaxError()
  store.clear()
  return OK
}

export const KEY_COMMANDS: CommandTable = {
  DEL: { arity: -2, run: remove },
  UNLINK: { arity: -2, run: remove },
  EXISTS: { arity: -2, run: countExisting },
  TOUCH: { arity: -2, run: countExisting },
  TYPE: { arity: 2, run: typeOf },
  KEYS: { arity: 2, run: matching },
  SCAN: { arity: -2, run: scan },
  RENAME: { arity: 3, run: rename },
  RENAMENX: { arity: 3, run: renameIfAbsent },
  DBSIZE: { arity: 1, run: (store) => [...store.entries()].length },
  FLUSHDB: { arity: -1, run: flush },
  FLUSHALL: { arity: -1, run: flush },
}
