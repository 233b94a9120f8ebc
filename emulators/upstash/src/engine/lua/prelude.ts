/**
 * Adapts Lua 5.3 to the 5.1 that Redis runs, and removes what Redis forbids. Runs once, before the globals are closed.
 *
 * - `floor` and `ceil` return integers in 5.3, which have 32 bits in fengari. Adding zero, a double, makes them
 *   doubles.
 * - Concatenation writes a number as 5.1 does; `tostring` and `string.format` in 5.3 would add `.0` to whole numbers.
 * - Functions that would need a 5.1 version and that no supported script calls are removed, so that a script that uses
 *   one fails instead of computing something else.
 */
export const PRELUDE = `
local floor, ceil, tostringOf53 = math.floor, math.ceil, tostring

tostring = function(value)
  if type(value) == 'number' then return value .. '' end
  return tostringOf53(value)
end
unpack = table.unpack
math.floor = function(x) return floor(x) + 0 end
math.ceil = function(x) return ceil(x) + 0 end

string.format, pcall, xpcall = nil, nil, nil
dofile, loadfile, load, print, collectgarbage = nil, nil, nil, nil, nil
_VERSION = 'Lua 5.1'

setmetatable(_G, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
  __newindex = function() error('Attempt to modify a readonly table', 2) end,
  __metatable = false,
})
`
