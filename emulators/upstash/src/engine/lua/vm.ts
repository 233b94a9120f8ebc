import { type Bytes, RedisError, type Reply } from '../../redis/reply.ts'
import { fieldText, pushList, textAt, toReply } from './convert.ts'
import { type LuaState, lauxlib, lua, lualib, luaText } from './fengari.ts'
import { PRELUDE } from './prelude.ts'
import { type CallRedis, pushRedis } from './redis-library.ts'

/** The name of a script in error messages, as in Redis. */
const CHUNK = luaText('@user_script')

/** Runs scripts in one Lua state. Its globals are closed, so that a script leaves nothing behind for the next. */
export class LuaVm {
  readonly #state: LuaState
  /** SHA-1 of a script → the registry reference of its compiled function. */
  readonly #scripts = new Map<string, number>()

  constructor(call: CallRedis) {
    this.#state = lauxlib.luaL_newstate()
    openLibraries(this.#state)
    pushRedis(this.#state, call)
    lua.lua_setglobal(this.#state, luaText('redis'))
    this.#compile(PRELUDE)
    lua.lua_call(this.#state, 0, 0)
  }

  has(sha: string): boolean {
    return this.#scripts.has(sha)
  }

  /** Compiles a new script. @throws RedisError when it does not compile */
  load(sha: string, script: Bytes): void {
    if (this.#scripts.has(sha)) return
    this.#compile(script)
    this.#scripts.set(sha, lauxlib.luaL_ref(this.#state, lua.LUA_REGISTRYINDEX))
  }

  /** @param sha a loaded script's SHA-1 */
  run(sha: string, keys: readonly Bytes[], args: readonly Bytes[]): Reply {
    const reference = this.#scripts.get(sha)
    if (reference === undefined) throw new RangeError(`script ${sha} is not loaded`)
    this.#setGlobalList('KEYS', keys)
    this.#setGlobalList('ARGV', args)
    lua.lua_rawgeti(this.#state, lua.LUA_REGISTRYINDEX, reference)
    try {
      const status = lua.lua_pcall(this.#state, 0, 1, 0)
      return status === lua.LUA_OK ? toReply(this.#state, -1) : scriptError(this.#state, sha)
    } finally {
      lua.lua_settop(this.#state, 0)
    }
  }

  /** Pushes the compiled function onto the stack. */
  #compile(script: Bytes): void {
    const status = lauxlib.luaL_loadbuffer(this.#state, luaText(script), null, CHUNK)
    if (status === lua.LUA_OK) return
    const message = textAt(this.#state, -1)
    lua.lua_pop(this.#state, 1)
    throw new RedisError(`ERR Error compiling script (new function): ${message}`)
  }

  /** Sets the global raw, because the globals are closed to assignments. */
  #setGlobalList(name: string, items: readonly Bytes[]): void {
    lua.lua_pushglobaltable(this.#state)
    lua.lua_pushstring(this.#state, luaText(name))
    pushList(this.#state, [...items])
    lua.lua_rawset(this.#state, -3)
    lua.lua_pop(this.#state, 1)
  }
}

/** Opens the safe libraries: no files, operating system or debug. */
function openLibraries(state: LuaState): void {
  lauxlib.luaL_requiref(state, luaText('_G'), lualib.luaopen_base, true)
  lauxlib.luaL_requiref(state, luaText('table'), lualib.luaopen_table, true)
  lauxlib.luaL_requiref(state, luaText('string'), lualib.luaopen_string, true)
  lauxlib.luaL_requiref(state, luaText('math'), lualib.luaopen_math, true)
  lua.lua_settop(state, 0)
}

/** Redis appends the script and the line. */
function scriptError(state: LuaState, sha: string): RedisError {
  const thrown = lua.lua_type(state, -1) === lua.LUA_TTABLE
  const text = thrown ? fieldText(state, lua.lua_gettop(state), 'err') : textAt(state, -1)
  const message = thrown ? (text ?? 'ERR unknown error') : `ERR ${text}`
  const line = thrown ? fieldText(state, lua.lua_gettop(state), 'line') : message.match(/user_script:(\d+)/)?.[1]
  return new RedisError(`${message} script: ${sha}, on @user_script:${line ?? '1'}.`)
}
