import { createRequire } from 'node:module'
import { formatG } from './format-number.ts'

/** Fengari's opaque `lua_State`. */
export type LuaState = { readonly __luaState: never }

type LuaString = Uint8Array

/** A JavaScript function that Lua calls. Returns the number of results that it pushed. */
export type LuaFunction = (state: LuaState) => number

/** The used part of Lua's C API. Fengari has no type declarations. */
export interface Lua {
  LUA_OK: number
  LUA_REGISTRYINDEX: number
  LUA_TBOOLEAN: number
  LUA_TNUMBER: number
  LUA_TSTRING: number
  LUA_TTABLE: number
  lua_error(state: LuaState): number
  lua_gettop(state: LuaState): number
  lua_settop(state: LuaState, top: number): void
  lua_pop(state: LuaState, count: number): void
  lua_absindex(state: LuaState, index: number): number
  lua_checkstack(state: LuaState, count: number): boolean
  lua_type(state: LuaState, index: number): number
  lua_toboolean(state: LuaState, index: number): boolean
  lua_tonumber(state: LuaState, index: number): number
  lua_tostring(state: LuaState, index: number): LuaString | null
  lua_createtable(state: LuaState, arraySize: number, fields: number): void
  lua_getfield(state: LuaState, index: number, name: LuaString): number
  lua_setfield(state: LuaState, index: number, name: LuaString): void
  lua_setglobal(state: LuaState, name: LuaString): void
  lua_rawgeti(state: LuaState, index: number, at: number): number
  lua_rawseti(state: LuaState, index: number, at: number): void
  lua_rawset(state: LuaState, index: number): void
  lua_pushglobaltable(state: LuaState): void
  lua_pushboolean(state: LuaState, value: boolean): void
  lua_pushnumber(state: LuaState, value: number): void
  lua_pushstring(state: LuaState, value: LuaString): void
  lua_pushjsfunction(state: LuaState, value: LuaFunction): void
  lua_pcall(state: LuaState, args: number, results: number, handler: number): number
  lua_call(state: LuaState, args: number, results: number): void
}

export interface LuaAux {
  luaL_newstate(): LuaState
  luaL_loadbuffer(state: LuaState, text: LuaString, size: number | null, name: LuaString): number
  luaL_ref(state: LuaState, table: number): number
  luaL_requiref(state: LuaState, name: LuaString, open: LuaFunction, global: boolean): void
  luaL_where(state: LuaState, level: number): void
}

export interface LuaLibraries {
  luaopen_base: LuaFunction
  luaopen_table: LuaFunction
  luaopen_string: LuaFunction
  luaopen_math: LuaFunction
}

/** Fengari's representation of a Lua value. */
interface TValue {
  value: unknown
  ttisinteger(): boolean
  setfltvalue(value: number): void
  setsvalue(value: unknown): void
}

interface Internals {
  luaO_str2num(text: LuaString, into: TValue): number
  luaO_tostring(state: LuaState, value: TValue): void
}

interface Fengari {
  lua: Lua
  lauxlib: LuaAux
  lualib: LuaLibraries
}

const require = createRequire(import.meta.url)

export const { lua, lauxlib, lualib } = require('fengari') as Fengari

/**
 * Makes every number that a script or a string contains a double, and writes it as Lua 5.1 does.
 *
 * Redis runs Lua 5.1, in which all numbers are doubles. Fengari implements 5.3, whose integers have 32 bits there:
 * doubling a window of 14 days in milliseconds would overflow. Both patched functions are fengari's internals, at the
 * exact version that package.json pins; the conformance tests fail if a newer version stops calling them.
 */
function useDoublesOnly(): void {
  const internals = require('fengari/src/lobject.js') as Internals
  const { luaS_bless } = require('fengari/src/lstring.js') as {
    luaS_bless(state: LuaState, text: LuaString): unknown
  }
  const readNumber = internals.luaO_str2num
  internals.luaO_str2num = (text, into) => {
    const size = readNumber(text, into)
    if (size > 0 && into.ttisinteger()) into.setfltvalue(wholeNumber(text) ?? Number(into.value))
    return size
  }
  internals.luaO_tostring = (state, into) => {
    into.setsvalue(luaS_bless(state, luaText(formatG(Number(into.value), 14))))
  }
}

/** Parses hexadecimal integers, which wrap at 32 bits in fengari. */
function wholeNumber(text: LuaString): number | undefined {
  const [, sign, digits] = jsText(text).match(/^\s*([+-]?)(0x[0-9a-f]+)/i) ?? []
  if (digits === undefined) return undefined
  return sign === '-' ? -Number(digits) : Number(digits)
}

export function luaText(text: string): LuaString {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

export function jsText(text: LuaString): string {
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1')
}

useDoublesOnly()
