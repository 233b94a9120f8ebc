import type { AttributeKeyTaken, ProductNotFound, SlugTaken } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Attribute } from '../../src/attributes/domain/attribute.ts'
import type { AttributeRepository } from '../../src/attributes/repository.ts'
import { type CollectionWithProducts, kindOf } from '../../src/collections/domain/collection.ts'
import type { CollectionRepository } from '../../src/collections/repository/index.ts'
import type { SavedCollection } from '../../src/collections/repository/writes.ts'
import type { memoryEvents } from './memory-events.ts'
import type { MemoryKeys } from './memory-keys.ts'

type Events = Pick<ReturnType<typeof memoryEvents>, 'write'>
type Versioned = { id: number; version: number; updatedAt: Date }

/** Rows in memory. `swap` saves a row where the version is still the one that was read. */
function memoryRows<R extends Versioned>() {
  const rows = new Map<number, R>()
  let lastId = 0
  return {
    rows,
    add: (row: Omit<R, 'id' | 'version'>): R => {
      lastId += 1
      // The two members that were left out.
      const added = { ...row, id: lastId, version: 1 } as R
      rows.set(lastId, added)
      return added
    },
    swap: ({ id, version }: Pick<Versioned, 'id' | 'version'>, change: Partial<R>): R | undefined => {
      const row = rows.get(id)
      if (row?.version !== version) return undefined
      const changed = { ...row, ...change, version: version + 1 }
      rows.set(id, changed)
      return changed
    },
  }
}

/** Collections in memory, with their events: what the routes need. Product 999 does not exist. */
export function memoryCollections({ write }: Events, { keyed }: Pick<MemoryKeys, 'keyed'>): CollectionRepository {
  const { rows, add, swap } = memoryRows<CollectionWithProducts>()
  const saved = (collection: CollectionWithProducts, type: 'collection.created' | 'collection.updated') => {
    const { productIds, ...shown } = collection
    return { collection: shown, eventId: write(type, collectionEvent(collection)) }
  }
  const isMissing = (ids: readonly number[]) => ids.includes(999)
  return {
    find: async (id) => rows.get(id),
    list: async ({ before = Number.POSITIVE_INFINITY, limit }) =>
      [...rows.values()]
        .reverse()
        .filter(({ id }) => id < before)
        .slice(0, limit),
    insert: ({ key, slug: { text: slug, isChosen }, productIds, createdAt, ...fields }) => {
      const insert = async (): Promise<Result<SavedCollection, ProductNotFound | SlugTaken>> => {
        if (isMissing(productIds)) return fail({ code: 'product_not_found', productId: 999 })
        if (isChosen && [...rows.values()].some((row) => row.slug === slug)) return fail({ code: 'slug_taken', slug })
        const row = { ...fields, slug, productIds: [...productIds], createdAt, updatedAt: createdAt }
        return ok(saved(add(row), 'collection.created'))
      }
      return keyed(key, insert, ({ collection }) => collection.id)
    },
    update: async ({ decidedFrom, updatedAt }, fields) => {
      const changed = swap(decidedFrom, { ...fields, updatedAt })
      return ok(changed && saved(changed, 'collection.updated'))
    },
    setProducts: async ({ decidedFrom, updatedAt }, productIds) => {
      if (isMissing(productIds)) return fail({ code: 'product_not_found', productId: 999 })
      const changed = swap(decidedFrom, { productIds: [...productIds], updatedAt })
      return ok(changed && saved(changed, 'collection.updated'))
    },
    delete: async ({ decidedFrom, updatedAt }) => {
      const changed = swap(decidedFrom, { updatedAt })
      if (changed === undefined) return undefined
      rows.delete(changed.id)
      return { eventId: write('collection.deleted', collectionEvent(changed)) }
    },
  }
}

function collectionEvent(collection: CollectionWithProducts) {
  const { id, version, updatedAt } = collection
  const payload = { collectionId: id, kind: kindOf(collection) } as const
  return { key: id, sequence: version, payload, createdAt: updatedAt }
}

/** Declared attributes in memory, with their events. */
export function memoryAttributes({ write }: Events, { keyed }: Pick<MemoryKeys, 'keyed'>): AttributeRepository {
  const { rows, add, swap } = memoryRows<Attribute>()
  const eventOf = ({ id, version, updatedAt }: Attribute) => ({
    key: id,
    sequence: version,
    payload: { attributeId: id },
    createdAt: updatedAt,
  })
  return {
    find: async (id) => rows.get(id),
    declared: async (keys) => [...rows.values()].filter(({ key }) => keys.includes(key)),
    list: async ({ after = '', limit }) =>
      [...rows.values()]
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .filter(({ key }) => key > after)
        .slice(0, limit),
    insert: (attribute, requestKey) => {
      const { key, createdAt } = attribute
      const insert = async (): Promise<Result<{ attribute: Attribute; eventId: number }, AttributeKeyTaken>> => {
        if ([...rows.values()].some((row) => row.key === key)) return fail({ code: 'attribute_key_taken', key })
        const declared = add({ ...attribute, updatedAt: createdAt })
        return ok({ attribute: declared, eventId: write('attribute.created', eventOf(declared)) })
      }
      return keyed(requestKey, insert, (saved) => saved.attribute.id)
    },
    update: async ({ decidedFrom, updatedAt }, fields) => {
      const changed = swap(decidedFrom, { ...fields, updatedAt })
      return changed && { eventId: write('attribute.updated', eventOf(changed)) }
    },
    delete: async ({ decidedFrom, updatedAt }) => {
      const changed = swap(decidedFrom, { updatedAt })
      if (changed === undefined) return undefined
      rows.delete(changed.id)
      return { eventId: write('attribute.deleted', eventOf(changed)) }
    },
  }
}
