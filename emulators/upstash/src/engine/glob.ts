import type { Bytes } from '../redis/reply.ts'

/** Redis's patterns: `*`, `?`, `[a-z]`, `[^a]`, and `\` to escape the next character. */
export function globToRegExp(glob: Bytes): RegExp {
  let pattern = ''
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at)
    if (char === '*') pattern += '.*'
    else if (char === '?') pattern += '.'
    else if (char === '[') {
      const { source, end } = characterClass(glob, at + 1)
      pattern += source
      at = end
    } else if (char === '\\' && at + 1 < glob.length) pattern += escaped(glob.charAt(++at))
    else pattern += escaped(char)
  }
  return new RegExp(`^${pattern}$`, 's')
}

/** @param start the index after the bracket; without a closing bracket the class ends with the text */
function characterClass(glob: Bytes, start: number): { source: string; end: number } {
  const negated = glob[start] === '^'
  let at = negated ? start + 1 : start
  let members = ''
  for (; at < glob.length && glob[at] !== ']'; at++) {
    if (glob[at] === '\\' && at + 1 < glob.length) at += 1
    const from = glob.charAt(at)
    if (glob[at + 1] === '-' && at + 2 < glob.length) {
      const [low = '', high = ''] = [from, glob.charAt(at + 2)].sort()
      members += `${escaped(low)}-${escaped(high)}`
      at += 2
    } else members += escaped(from)
  }
  if (members === '') return { source: negated ? '.' : '(?!)', end: at }
  return { source: `[${negated ? '^' : ''}${members}]`, end: at }
}

function escaped(char: string): string {
  return /[\w\s]/.test(char) || char > '\x7f' ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
}
