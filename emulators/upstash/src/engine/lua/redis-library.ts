import { type Bytes, RedisError, type Reply, Status } from '../../reply.ts'
import { sha1 } from '../../scripts.ts'
import { pushReply, readCommand, textAt } from './convert.ts'
import { type LuaFunction, type LuaState, lauxlib, lua, luaText } from './fengari.ts'

/** Executes a command for a script; refusals are replies. */
export type CallRedis = (command: readonly Bytes[]) => Reply

const LOG_LEVELS = { LOG_DEBUG: 0, LOG_VERBOSE: 1, LOG_NOTICE: 2, LOG_WARNING: 3 }

/** Leaves the table `redis` on the stack. */
export function pushRedis(state: LuaState, call: CallRedis): void {
  const functions: Record<string, LuaFunction> = {
    call: (L) => answer(L, execute(L, call), true),
    pcall: (L) => answer(L, execute(L, call), false),
    error_reply: (L) => answer(L, errorReply(textAt(L, 1)), false),
    status_reply: (L) => answer(L, new Status(textAt(L, 1)), false),
    sha1hex: (L) => answer(L, sha1(textAt(L, 1)), false),
    replicate_commands: (L) => answer(L, 1, false),
    log: () => 0,
  }
  lua.lua_createtable(state, 0, 16)
  for (const [name, run] of Object.entries(functions)) {
    lua.lua_pushjsfunction(state, run)
    lua.lua_setfield(state, -2, luaText(name))
  }
  for (const [name, level] of Object.entries(LOG_LEVELS)) {
    lua.lua_pushnumber(state, level)
    lua.lua_setfield(state, -2, luaText(name))
  }
}

function execute(state: LuaState, call: CallRedis): Reply {
  const command = readCommand(state)
  if (command === undefined) return new RedisError('ERR Lua redis lib command arguments must be strings or integers')
  if (command.length === 0) return new RedisError('ERR Please specify at least one argument for this redis lib call')
  return call(command)
}

/** @param throws whether an error is thrown, as a table that says where */
function answer(state: LuaState, reply: Reply, throws: boolean): number {
  pushReply(state, reply)
  if (!throws || !(reply instanceof RedisError)) return 1
  lauxlib.luaL_where(state, 1)
  const line = textAt(state, -1).match(/:(\d+): $/)?.[1] ?? '1'
  lua.lua_pop(state, 1)
  lua.lua_pushstring(state, luaText(line))
  lua.lua_setfield(state, -2, luaText('line'))
  return lua.lua_error(state)
}

/** A message without a code gets `ERR`. */
function errorReply(message: Bytes): RedisError {
  const text = message.replace(/^-/, '')
  return new RedisError(text.includes(' ') ? text : `ERR ${text}`)
}
