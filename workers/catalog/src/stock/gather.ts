/**
 * Gathers what is handed over within `milliseconds` of the first and carries it out together. Whoever handed something
 * over gets the answer to all of it.
 */
export function gather<T, A>(milliseconds: number, carryOut: (items: T[]) => Promise<A>): (item: T) => Promise<A> {
  let open: { items: T[]; answer: Promise<A> } | undefined
  const begin = (first: T) => {
    const items = [first]
    const answer = new Promise((resolve) => setTimeout(resolve, milliseconds)).then(() => {
      open = undefined
      return carryOut(items)
    })
    open = { items, answer }
    return answer
  }
  return (item) => {
    if (open === undefined) return begin(item)
    open.items.push(item)
    return open.answer
  }
}
