import { type CallExpression, parseSync, Visitor } from 'oxc-parser'

/**
 * The titles of the tests of a file as its source has them, with placeholders: those around it first, joined by ` > ` as vitest
 * prints them. A title that is no text there, such as a constant, is left out.
 */
export function testTitles(path: string, source: string): string[] {
  const titles: string[] = []
  const around: string[] = []
  const visitor = new Visitor({
    CallExpression(call) {
      const title = titleOf(call, source)
      if (title === undefined) return
      if (isCallOf(call, 'describe')) around.push(title)
      else titles.push([...around, title].join(' > '))
    },
    'CallExpression:exit'(call) {
      if (titleOf(call, source) !== undefined && isCallOf(call, 'describe')) around.pop()
    },
  })
  visitor.visit(parseSync(path, source).program)
  return titles
}

function titleOf(call: CallExpression, source: string): string | undefined {
  if (!isCallOf(call, 'describe') && !isCallOf(call, 'it')) return undefined
  const [title] = call.arguments
  if (title?.type === 'Literal' && typeof title.value === 'string') return title.value
  return title?.type === 'TemplateLiteral' ? source.slice(title.start + 1, title.end - 1) : undefined
}

/** Whether a call is one of `it`, also of `it.each(…)(…)`. */
function isCallOf(call: CallExpression, name: string): boolean {
  let callee: CallExpression['callee'] = call.callee
  while (callee.type === 'CallExpression' || callee.type === 'MemberExpression') {
    callee = callee.type === 'CallExpression' ? callee.callee : callee.object
  }
  return callee.type === 'Identifier' && callee.name === name
}
