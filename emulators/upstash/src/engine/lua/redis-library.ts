import { type Bytes, RedisError, type Reply, Status } from '../../redis/reply.ts'
import { pushReply, readCommand, textAt } from './convert.ts'
import { type LuaFunction, type LuaState, lauxlib, lua, luaText } from './fengari.ts'

/** Executes a command for a script. Refusals are replies. */
export type CallRedis = (command: readonly Bytes[]) => Reply

/** Pushes the table `redis` onto the stack. */
export function pushRedis(state: LuaState, call: CallRedis): void {
  const functions: Record<string, LuaFunction> = {
    call: (L) => pushAnswer(L, execute(L, call), true),
    pcall: (L) => pushAnswer(L, execute(L, call), false),
    error_reply: (L) => pushAnswer(L, errorReply(textAt(L, 1)), false),
    status_reply: (L) => pushAnswer(L, new Status(textAt(L, 1)), false),
  }
  lua.lua_createtable(state, 0, 4)
  for (const [name, run] of Object.entries(functions)) {
    lua.lua_pushjsfunction(state, run)
    lua.lua_setfield(state, -2, luaText(name))
  }
}

function execute(state: LuaState, call: CallRedis): Reply {
  const command = readCommand(state)
  if (command === undefined) return new RedisError('ERR Lua redis lib command arguments must be strings or integers')
  if (command.length === 0) return new RedisError('ERR Please specify at least one argument for this redis lib call')
  return call(command)
}

/** @param throws whether an error reply is thrown, as a table with its line */
function pushAnswer(state: LuaState, reply: Reply, throws: boolean): number {
  pushReply(state, reply)
  if (!throws || !(reply instanceof RedisError)) return 1
  lauxlib.luaL_where(state, 1)
  const line = textAt(state, -1).match(/:(\d+): $/)?.[1] ?? '1'
  lua.lua_pop(state, 1)
  lua.lua_pushstring(state, luaText(line))
  lua.lua_setfield(state, -2, luaText('line'))
  return lua.lua_error(state)
}

/** Prefixes a message without a code with `ERR`. */
function errorReply(message: Bytes): RedisError {
  const text = message.replace(/^-/, '')
  return new RedisError(text.includes(' ') ? text : `ERR ${text}`)
}
