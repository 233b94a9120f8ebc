import { type Bytes, toBytes, toText } from '../../reply.ts'
import { textAt } from './convert.ts'
import { type LuaState, lauxlib, lua, luaText } from './fengari.ts'

/** Deeper values are refused, as by lua-cjson. */
const DEEPEST = 1000

/** What JSON's null is in Lua, where a table cannot hold nil. */
const NULL = {}

/** Leaves the table `cjson` on the stack: `encode`, `decode` and `null`. */
export function pushCjson(state: LuaState): void {
  lua.lua_createtable(state, 0, 3)
  lua.lua_pushjsfunction(state, (L) => {
    lua.lua_pushstring(L, luaText(toBytes(JSON.stringify(readValue(L, 1, 0)))))
    return 1
  })
  lua.lua_setfield(state, -2, luaText('encode'))
  lua.lua_pushjsfunction(state, (L) => {
    pushValue(L, parse(L, textAt(L, 1)))
    return 1
  })
  lua.lua_setfield(state, -2, luaText('decode'))
  lua.lua_pushlightuserdata(state, NULL)
  lua.lua_setfield(state, -2, luaText('null'))
}

function parse(state: LuaState, json: Bytes): unknown {
  try {
    return JSON.parse(toText(json))
  } catch {
    return raise(state, 'Expected value but found invalid token')
  }
}

function pushValue(state: LuaState, value: unknown): void {
  lua.lua_checkstack(state, 4)
  if (typeof value === 'boolean') lua.lua_pushboolean(state, value)
  else if (typeof value === 'number') lua.lua_pushnumber(state, value)
  else if (typeof value === 'string') lua.lua_pushstring(state, luaText(toBytes(value)))
  else if (typeof value === 'object' && value !== null) pushTable(state, value)
  else lua.lua_pushlightuserdata(state, NULL)
}

function pushTable(state: LuaState, value: object): void {
  lua.lua_createtable(state, 0, 0)
  for (const [key, item] of Object.entries(value)) {
    pushValue(state, item)
    if (Array.isArray(value)) lua.lua_rawseti(state, -2, Number(key) + 1)
    else lua.lua_setfield(state, -2, luaText(toBytes(key)))
  }
}

function readValue(state: LuaState, index: number, depth: number): unknown {
  switch (lua.lua_type(state, index)) {
    case lua.LUA_TSTRING:
      return toText(textAt(state, index))
    case lua.LUA_TNUMBER:
      return Number(lua.lua_tonumber(state, index).toPrecision(14))
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(state, index)
    case lua.LUA_TTABLE:
      if (depth >= DEEPEST) return raise(state, 'Cannot serialise, excessive depth')
      return readTable(state, lua.lua_absindex(state, index), depth)
    case lua.LUA_TFUNCTION:
      return raise(state, 'Cannot serialise function: type not supported')
    default:
      return null
  }
}

/** A list when all keys are positive whole numbers; an empty table is `{}`. */
function readTable(state: LuaState, index: number, depth: number): unknown {
  lua.lua_checkstack(state, 4)
  const entries: [string | number, unknown][] = []
  lua.lua_pushnil(state)
  while (lua.lua_next(state, index) !== 0) {
    // Reading a number as text would change the key under the traversal.
    const isNumber = lua.lua_type(state, -2) === lua.LUA_TNUMBER
    const key = isNumber ? lua.lua_tonumber(state, -2) : toText(textAt(state, -2))
    entries.push([key, readValue(state, -1, depth + 1)])
    lua.lua_pop(state, 1)
  }
  if (entries.length === 0 || !entries.every(([key]) => isListIndex(key))) return Object.fromEntries(entries)
  const list = Array.from({ length: Math.max(...entries.map(([key]) => Number(key))) }, (): unknown => null)
  for (const [key, value] of entries) list[Number(key) - 1] = value
  return list
}

function isListIndex(key: string | number): boolean {
  return typeof key === 'number' && Number.isInteger(key) && key >= 1 && key < 1e6
}

/** Throws in Lua, where it happened. */
function raise(state: LuaState, message: string): never {
  lauxlib.luaL_where(state, 1)
  lua.lua_pushstring(state, luaText(textAt(state, -1) + message))
  lua.lua_error(state)
  throw new Error(message) // lua_error does not return.
}
