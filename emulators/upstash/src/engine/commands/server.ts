import { Status } from '../../reply.ts'
import { arg, type CommandTable, wrongArity } from '../command.ts'

const PONG = new Status('PONG')

export const SERVER_COMMANDS: CommandTable = {
  PING: {
    arity: -1,
    run: (_store, args) => {
      if (args.length > 1) throw wrongArity('ping')
      return args[0] ?? PONG
    },
  },
  ECHO: { arity: 2, run: (_store, args) => arg(args, 0) },
  /** Seconds, and microseconds within the second. */
  TIME: { arity: 1, run: ({ now }) => [String(Math.floor(now / 1000)), String((now % 1000) * 1000)] },
}
