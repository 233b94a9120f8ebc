import { type Bytes, RedisError, type Reply } from '../redis/reply.ts'
import { sha1, withoutUpstashFlags } from '../redis/script-source.ts'
import { arg, type CommandTable, fits, wrongArity } from './command.ts'
import { DATA_COMMANDS } from './commands/index.ts'
import { LuaVm } from './lua/vm.ts'
import { parseInteger } from './numbers.ts'
import type { Store } from './store.ts'

/** EVAL, EVALSHA and SCRIPT LOAD over one script cache. */
export function scriptCommands(store: Store): CommandTable {
  const vm = new LuaVm((command) => callFromScript(store, command))

  function load(script: Bytes): string {
    const sha = sha1(script)
    vm.load(sha, withoutUpstashFlags(script))
    return sha
  }

  function evaluate(sha: string, args: readonly Bytes[]): Reply {
    const count = parseInteger(arg(args, 1))
    if (count > args.length - 2) throw new RedisError("ERR Number of keys can't be greater than number of args")
    if (count < 0) throw new RedisError("ERR Number of keys can't be negative")
    return vm.run(sha, args.slice(2, 2 + count), args.slice(2 + count))
  }

  return {
    EVAL: { arity: -3, run: (_store, args) => evaluate(load(arg(args, 0)), args) },
    EVALSHA: {
      arity: -3,
      run: (_store, args) => {
        const sha = arg(args, 0).toLowerCase()
        if (!vm.has(sha)) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.')
        return evaluate(sha, args)
      },
    },
    SCRIPT: {
      arity: -2,
      run: (_store, [subcommand = '', ...scripts]) => {
        if (subcommand.toUpperCase() !== 'LOAD') {
          throw new RedisError(
            `ERR unknown subcommand '${subcommand}'. The in-process engine supports SCRIPT LOAD only.`,
          )
        }
        if (scripts.length !== 1) throw wrongArity('script|load')
        return load(arg(scripts, 0))
      },
    },
  }
}

const NOT_FROM_SCRIPTS = new Set(['EVAL', 'EVALSHA', 'SCRIPT'])

/** Runs a command for `redis.call`. A script cannot start another script. */
function callFromScript(store: Store, [name = '', ...args]: readonly Bytes[]): Reply {
  const upper = name.toUpperCase()
  const spec = DATA_COMMANDS.get(upper)
  if (spec === undefined) {
    return new RedisError(
      NOT_FROM_SCRIPTS.has(upper)
        ? 'ERR This Redis command is not allowed from script'
        : `ERR Unknown Redis command called from script: the in-process engine does not support ${upper}`,
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
