import { type Bytes, OK, type Reply, Status } from '../../redis/reply.ts'
import { type CommandTable, syntaxError, wrongArity } from '../command.ts'
import type { Store } from '../store.ts'

const PONG = new Status('PONG')

function ping(_store: Store, args: readonly Bytes[]): Reply {
  if (args.length > 1) throw wrongArity('ping')
  return args[0] ?? PONG
}

function flush(store: Store, [mode]: readonly Bytes[]): Reply {
  if (mode !== undefined && !/^a?sync$/i.test(mode)) throw syntaxError()
  store.clear()
  return OK
}

export const SERVER_COMMANDS: CommandTable = {
  PING: { arity: -1, run: ping },
  FLUSHDB: { arity: -1, run: flush },
  FLUSHALL: { arity: -1, run: flush },
}
