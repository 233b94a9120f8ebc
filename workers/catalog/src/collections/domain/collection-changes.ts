import type { CollectionHasNoRule, InvalidCollectionRule } from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type MetadataChanges, type MetadataTooLarge, patchMetadata } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Collection, CollectionFields } from './collection.ts'
import { patchRule, type RuleChanges } from './rule.ts'

/** The fields that staff send to change a collection; absent members stay as they are. */
export type CollectionChanges = {
  name?: string | undefined
  slug?: string | undefined
  rule?: RuleChanges | undefined
  metadata?: MetadataChanges | undefined
}

export function decideCollectionChanges(
  collection: Collection,
  changes: CollectionChanges,
  defaultCurrency: CurrencyCode,
): Result<CollectionFields, MetadataTooLarge | InvalidCollectionRule | CollectionHasNoRule> {
  const metadata =
    changes.metadata === undefined ? ok(collection.metadata) : patchMetadata(collection.metadata, changes.metadata)
  if (!metadata.ok) return metadata
  const rule = ruleAfter(collection, changes, defaultCurrency)
  if (!rule.ok) return rule
  const { name = collection.name, slug = collection.slug } = changes
  return ok({ name, slug, rule: rule.value, metadata: metadata.value })
}

function ruleAfter({ id, rule }: Collection, changes: CollectionChanges, defaultCurrency: CurrencyCode) {
  if (changes.rule === undefined) return ok(rule)
  if (rule === null) return fail({ code: 'collection_has_no_rule', collectionId: id })
  return patchRule(rule, changes.rule, defaultCurrency)
}
