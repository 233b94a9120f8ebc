import { type Bytes, RedisError, type Reply, Status } from '../../redis/reply.ts'
import { jsText, type LuaState, lua, luaText } from './fengari.ts'
import { formatG } from './format-number.ts'

/** Converts a reply as Redis does: null to false, a status to `{ok = …}`, an error to `{err = …}`. */
export function pushReply(state: LuaState, reply: Reply): void {
  lua.lua_checkstack(state, 4)
  if (reply === null) lua.lua_pushboolean(state, false)
  else if (typeof reply === 'number') lua.lua_pushnumber(state, reply)
  else if (typeof reply === 'string') lua.lua_pushstring(state, luaText(reply))
  else if (Array.isArray(reply)) pushList(state, reply)
  else if (reply instanceof RedisError) pushField(state, 'err', reply.message)
  else pushField(state, 'ok', reply.text)
}

export function pushList(state: LuaState, items: readonly Reply[]): void {
  lua.lua_createtable(state, items.length, 0)
  for (const [index, item] of items.entries()) {
    pushReply(state, item)
    lua.lua_rawseti(state, -2, index + 1)
  }
}

function pushField(state: LuaState, name: 'ok' | 'err', text: string): void {
  lua.lua_createtable(state, 0, 1)
  lua.lua_pushstring(state, luaText(text))
  lua.lua_setfield(state, -2, luaText(name))
}

/** Converts a result as Redis does: truncates numbers, false and nil become null, a list ends at its first nil. */
export function toReply(state: LuaState, index: number): Reply {
  switch (lua.lua_type(state, index)) {
    case lua.LUA_TSTRING:
      return textAt(state, index)
    case lua.LUA_TNUMBER:
      return Math.trunc(lua.lua_tonumber(state, index)) || 0
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(state, index) ? 1 : null
    case lua.LUA_TTABLE:
      return tableToReply(state, lua.lua_absindex(state, index))
    default:
      return null
  }
}

function tableToReply(state: LuaState, index: number): Reply {
  lua.lua_checkstack(state, 4)
  const error = fieldText(state, index, 'err')
  if (error !== undefined) return new RedisError(error)
  const status = fieldText(state, index, 'ok')
  if (status !== undefined) return new Status(status)
  const items: Reply[] = []
  for (let at = 1; ; at++) {
    const isNil = lua.lua_rawgeti(state, index, at) === 0
    if (!isNil) items.push(toReply(state, -1))
    lua.lua_pop(state, 1)
    if (isNil) return items
  }
}

export function fieldText(state: LuaState, index: number, name: string): Bytes | undefined {
  lua.lua_getfield(state, index, luaText(name))
  const text = lua.lua_type(state, -1) === lua.LUA_TSTRING ? textAt(state, -1) : undefined
  lua.lua_pop(state, 1)
  return text
}

export function textAt(state: LuaState, index: number): Bytes {
  const text = lua.lua_tostring(state, index)
  return text === null ? '' : jsText(text)
}

/** The arguments of `redis.call`: strings, and numbers in full precision. @returns undefined for any other type */
export function readCommand(state: LuaState): Bytes[] | undefined {
  const words: Bytes[] = []
  for (let index = 1; index <= lua.lua_gettop(state); index++) {
    const type = lua.lua_type(state, index)
    if (type === lua.LUA_TNUMBER) words.push(formatG(lua.lua_tonumber(state, index), 17))
    else if (type === lua.LUA_TSTRING) words.push(textAt(state, index))
    else return undefined
  }
  return words
}
