import { ID_PREFIXES, type Id, type IdKind } from '@shop/kernel/ids'
import { typeid } from 'typeid-js'

/** A fresh TypeID: it sorts by creation time, and cannot be guessed from another. */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return typeid(ID_PREFIXES[kind]).toString() as Id<K>
}
