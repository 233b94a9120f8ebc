/**
 * What Lua 5.1 has and 5.3 has not, and what Redis forbids. Runs once, before the globals are closed.
 *
 * `floor` and `ceil` answer integers in 5.3, of 32 bits here: adding zero, a double, makes them doubles again.
 */
export const PRELUDE = `
local floor, ceil, format, loadText = math.floor, math.ceil, string.format, load
local tostringOf53, pcallOf53 = tostring, pcall

-- Joining writes a number as 5.1 does; 5.3's own functions would add '.0'.
tostring = function(value)
  if type(value) == 'number' then return value .. '' end
  return tostringOf53(value)
end
unpack = table.unpack
table.getn = function(t) return #t end
math.floor = function(x) return floor(x) + 0 end
math.ceil = function(x) return ceil(x) + 0 end
math.pow = function(x, y) return x ^ y end
math.log10 = function(x) return math.log(x, 10) end
math.mod = math.fmod
loadstring = function(text, name) return loadText(text, name or '=loadstring', 't') end

-- Redis hands on the text of an error that a command has thrown, not its table.
local function withErrorText(ok, ...)
  local thrown = ...
  if not ok and type(thrown) == 'table' and type(thrown.err) == 'string' then return false, thrown.err end
  return ok, ...
end
pcall = function(...) return withErrorText(pcallOf53(...)) end

-- 5.1 cuts the fraction off where 5.3 refuses it.
string.format = function(pattern, ...)
  local args, at = { ... }, 0
  for directive in pattern:gmatch('%%[-+ #0]*%d*%.?%d*(.)') do
    if directive ~= '%' then
      at = at + 1
      local value = args[at]
      local number = tonumber(value)
      if number and directive:find('[dixXoc]') then args[at] = number < 0 and ceil(number) or floor(number) end
      if directive == 's' and type(value) == 'number' then args[at] = tostring(value) end
    end
  end
  return format(pattern, unpack(args, 1, select('#', ...)))
end

dofile, loadfile, print, collectgarbage, load = nil, nil, nil, nil, nil
_VERSION = 'Lua 5.1'

setmetatable(_G, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
  __newindex = function() error('Attempt to modify a readonly table', 2) end,
  __metatable = false,
})
`
