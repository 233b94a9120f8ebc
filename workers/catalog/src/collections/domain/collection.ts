import type { Metadata } from '@shop/kernel/metadata'
import type { CollectionRule } from './rule.ts'

/** A collection by rule has all products that meet it; a manual one those that staff listed, in their order. */
export type Collection = {
  id: number
  name: string
  slug: string
  /** Null for a manual collection. */
  rule: CollectionRule | null
  metadata: Metadata
  createdAt: Date
  updatedAt: Date
  version: number
}

/** `productIds` in their order; empty for a collection by rule. */
export type CollectionWithProducts = Collection & { productIds: number[] }

/** The fields that staff edit. */
export type CollectionFields = Pick<Collection, 'name' | 'slug' | 'rule' | 'metadata'>

export const MAX_PRODUCTS = 1_000

export const kindOf = ({ rule }: Pick<Collection, 'rule'>) => (rule === null ? 'manual' : 'rule')
