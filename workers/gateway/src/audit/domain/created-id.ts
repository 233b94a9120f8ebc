/** Only what looks like an id is kept: an answer has names and secrets, too. */
export const ID = /^[\w-]{1,100}$/

/**
 * The id of what a request created, by the body of its answer 201: `{"product": {"id": 12, …}, …}`. Null where the answer has no
 * such member, or several.
 */
export function createdIdIn(body: string): string | null {
  const ids = Object.values(parsed(body)).flatMap((member) => idOf(member) ?? [])
  return ids.length === 1 ? (ids[0] ?? null) : null
}

function idOf(member: unknown): string | undefined {
  const { id } = Object(member) as { id?: unknown }
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && ID.test(text) ? text : undefined
}

function parsed(body: string): object {
  try {
    return Object(JSON.parse(body))
  } catch {
    return {}
  }
}
