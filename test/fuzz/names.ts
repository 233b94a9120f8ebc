import { ID_PREFIXES } from '@shop/kernel/ids'
import { type Json, resolved, type Schema } from './schema.ts'

/** A scalar in a body, under the name that other operations call it by. */
export type Leaf = { name: string; value: string | number }

const singular = (name: string) =>
  name
    .replace(/ies$/, 'y')
    .replace(/sses$/, 'ss')
    .replace(/([^s])s$/, '$1')
/** An `id` is called by what it is the id of: `order_id`. */
const nameOf = (member: string, of: string) => (member === 'id' && of !== '' ? `${of}_id` : member)

/** The names and values of all strings and numbers in a body. Not recursive, since some bodies are nested very deeply. */
export function leavesOf(body: Json): Leaf[] {
  const leaves: Leaf[] = []
  const stack: [value: Json, member: string, of: string][] = [[body, '', '']]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [value, member, of] = next
    if (typeof value === 'string' || typeof value === 'number') leaves.push({ name: nameOf(member, of), value })
    if (typeof value !== 'object' || value === null) continue
    const parent = member === '' ? of : singular(member)
    // The last in first, so that leaves come in the order of the body.
    const members = Array.isArray(value)
      ? value.map((item): [Json, string, string] => [item, member, of])
      : Object.entries(value).map(([name, item]): [Json, string, string] => [item, name, parent])
    stack.push(...members.toReversed())
  }
  return leaves
}

/** The names of all scalars that a schema describes. */
export function namesIn(schema: Schema, member = '', of = ''): string[] {
  const { anyOf, oneOf, allOf, items, properties } = resolved(schema)
  const parts = [...(anyOf ?? []), ...(oneOf ?? []), ...(allOf ?? []), ...(items === undefined ? [] : [items])]
  if (properties === undefined) return [nameOf(member, of), ...parts.flatMap((part) => namesIn(part, member, of))]
  const parent = member === '' ? of : singular(member)
  return Object.entries(properties).flatMap(([name, part]) => namesIn(part, name, parent))
}

/** The names of all scalars that a value of the schema must have. */
export function requiredNames(schema: Schema, member = '', of = ''): string[] {
  const { items, properties, required = [] } = resolved(schema)
  if (items !== undefined) return requiredNames(items, member, of)
  if (properties === undefined) return [nameOf(member, of)]
  const parent = member === '' ? of : singular(member)
  return required.flatMap((name) => {
    const part = properties[name]
    return part === undefined ? [] : requiredNames(part, name, parent)
  })
}

/** Ids of what belongs to one person. Those of products, promotions or shipping options are the shop's. */
const OWNED = ['session', 'order', 'orderLine', 'cart', 'cartItem', 'payment', 'refund', 'shipment', 'return'] as const
const OWNED_PREFIXES = [...OWNED.map((kind) => `${ID_PREFIXES[kind]}_`), 'pi_', 'pm_']

/** Whether a value identifies something that belongs to one caller. */
export const isOwned = ({ name, value }: Leaf): boolean =>
  typeof value === 'string' && name.endsWith('_id') && OWNED_PREFIXES.some((prefix) => value.startsWith(prefix))

/** What a parameter is called in bodies: `{id}` below `/customer-groups/` is `customer_group_id`, `X-Order-Token` is `order_token`. */
export function parameterName(path: string, parameter: string): string {
  const inWords = (name: string) => name.replaceAll('-', '_')
  if (parameter === 'id') return `${inWords(singular(path.split('/{id}')[0]?.split('/').at(-1) ?? ''))}_id`
  return inWords(parameter.toLowerCase().replace(/^x-/, ''))
}
