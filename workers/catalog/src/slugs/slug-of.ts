import slugify from '@sindresorhus/slugify'
import type { NewSlug } from './domain/slug.ts'

/** Leaves room for a number within the 100 characters of a slug. */
const LONGEST = 90

/**
 * The slug of a new resource: the one that staff chose, or one made from its name in lower-case ASCII letters and digits.
 *
 * @param fallback for a name without a letter or digit that has a Latin form, such as one in Chinese
 */
export function slugOf({ name, slug }: { name: string; slug?: string | undefined }, fallback: string): NewSlug {
  if (slug !== undefined) return { text: slug, isChosen: true }
  // Names of products are no identifiers: an iPhone is not an i-phone.
  const made = slugify(name.slice(0, 200), { decamelize: false }).slice(0, LONGEST).replace(/-$/, '')
  return { text: made === '' ? fallback : made, isChosen: false }
}
