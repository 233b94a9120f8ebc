import { type Bytes, OK, RedisError, type Reply } from '../reply.ts'
import { sha1, withoutUpstashFlags } from '../scripts.ts'
import { arg, type CommandTable, fits, wrongArity } from './command.ts'
import { DATA_COMMANDS } from './commands/index.ts'
import { LuaVm } from './lua/vm.ts'
import { parseInteger } from './numbers.ts'
import type { Store } from './store.ts'

/** EVAL and its kin over one cache of scripts. */
export function scriptCommands(store: Store): CommandTable {
  const vm = new LuaVm((command) => callFromScript(store, command))
  const evaluate = (args: readonly Bytes[]) => {
    const { keys, values } = splitArguments(args)
    const script = arg(args, 0)
    const sha = sha1(script)
    vm.load(sha, withoutUpstashFlags(script))
    return vm.run(sha, keys, values)
  }
  const evaluateBySha = (args: readonly Bytes[]) => {
    const sha = arg(args, 0).toLowerCase()
    if (!vm.has(sha)) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.')
    const { keys, values } = splitArguments(args)
    return vm.run(sha, keys, values)
  }
  return {
    EVAL: { arity: -3, run: (_store, args) => evaluate(args) },
    EVAL_RO: { arity: -3, run: (_store, args) => evaluate(args) },
    EVALSHA: { arity: -3, run: (_store, args) => evaluateBySha(args) },
    EVALSHA_RO: { arity: -3, run: (_store, args) => evaluateBySha(args) },
    SCRIPT: { arity: -2, run: (_store, args) => scriptSubcommand(vm, args) },
  }
}

function splitArguments(args: readonly Bytes[]): { keys: readonly Bytes[]; values: readonly Bytes[] } {
  const count = parseInteger(arg(args, 1))
  if (count > args.length - 2) throw new RedisError("ERR Number of keys can't be greater than number of args")
  if (count < 0) throw new RedisError("ERR Number of keys can't be negative")
  return { keys: args.slice(2, 2 + count), values: args.slice(2 + count) }
}

function scriptSubcommand(vm: LuaVm, [name = '', ...args]: readonly Bytes[]): Reply {
  switch (name.toUpperCase()) {
    case 'LOAD': {
      if (args.length !== 1) throw wrongArity('script|load')
      const script = arg(args, 0)
      vm.load(sha1(script), withoutUpstashFlags(script))
      return sha1(script)
    }
    case 'EXISTS':
      if (args.length === 0) throw wrongArity('script|exists')
      return args.map((sha) => Number(vm.has(sha.toLowerCase())))
    case 'FLUSH':
      vm.clear()
      return OK
    default:
      throw new RedisError(`ERR unknown subcommand '${name}'. Try SCRIPT HELP.`)
  }
}

const NOT_FROM_SCRIPTS = new Set(['EVAL', 'EVAL_RO', 'EVALSHA', 'EVALSHA_RO', 'SCRIPT'])

/** What `redis.call` reaches. Scripts do not start scripts. */
function callFromScript(store: Store, [name = '', ...args]: readonly Bytes[]): Reply {
  const upper = name.toUpperCase()
  const spec = DATA_COMMANDS.get(upper)
  if (spec === undefined) {
    const known = NOT_FROM_SCRIPTS.has(upper)
    return new RedisError(
      known ? 'ERR This Redis command is not allowed from script' : 'ERR Unknown Redis command called from script',
    )
  }
  if (!fits(spec, [name, ...args])) return new RedisError('ERR Wrong number of args calling Redis command from script')
  try {
    return spec.run(store, args)
  } catch (error) {
    if (error instanceof RedisError) return error
    throw error
  }
}
