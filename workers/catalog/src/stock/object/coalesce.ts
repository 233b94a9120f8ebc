/**
 * Collects items for `milliseconds` after the first, then handles them together. Every caller gets the answer of the
 * whole batch.
 */
export function coalesce<T, A>(milliseconds: number, handle: (items: T[]) => Promise<A>): (item: T) => Promise<A> {
  let open: { items: T[]; answer: Promise<A> } | undefined
  const begin = (first: T) => {
    const items = [first]
    const answer = new Promise((resolve) => setTimeout(resolve, milliseconds)).then(() => {
      open = undefined
      return handle(items)
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
