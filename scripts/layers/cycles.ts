/**
 * The groups of files in which each imports every other, directly or by way of others. Tarjan's algorithm.
 *
 * @param imports the files that a file imports
 * @returns one shortest circle of each group, beginning and ending with the same file
 */
export function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  return connectedGroups(imports)
    .map((group) => shortestCircle(group, imports))
    .filter((circle) => circle.length > 0)
}

function connectedGroups(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const groups: string[][] = []

  const visit = (file: string): number => {
    const position = order.size
    order.set(file, position)
    let low = position
    stack.push(file)
    onStack.add(file)
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next))
      else if (onStack.has(next)) low = Math.min(low, order.get(next) ?? low)
    }
    if (low === position) {
      const group = stack.splice(stack.indexOf(file))
      for (const member of group) onStack.delete(member)
      groups.push(group)
    }
    return low
  }
  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return groups
}

/** Breadth first from the first member by name, so that the same cycle is always reported the same way. */
function shortestCircle(group: string[], imports: ReadonlyMap<string, readonly string[]>): string[] {
  const [first = ''] = group.toSorted()
  const members = new Set(group)
  const cameFrom = new Map<string, string>()
  const queue = [first]
  for (const file of queue) {
    for (const next of imports.get(file) ?? []) {
      if (next === first) return circleTo(file, cameFrom, first)
      if (!members.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, file)
      queue.push(next)
    }
  }
  return []
}

function circleTo(last: string, cameFrom: ReadonlyMap<string, string>, first: string): string[] {
  const circle = [first]
  for (let file: string | undefined = last; file !== undefined && file !== first; file = cameFrom.get(file)) {
    circle.unshift(file)
  }
  return [first, ...circle]
}
