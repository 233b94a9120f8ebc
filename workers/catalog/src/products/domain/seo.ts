/** What search engines show; absent members are made from name and description. */
export type Seo = { title?: string; description?: string }

/** A merge patch (RFC 7396): absent members stay, null removes one, or, instead of the object, both. */
export type SeoPatch = { [Key in keyof Seo]?: string | null | undefined } | null

export function patchSeo(current: Seo, changes: SeoPatch): Seo {
  if (changes === null) return {}
  const merged = Object.entries({ ...current, ...changes })
  return Object.fromEntries(merged.filter(([, value]) => value !== null && value !== undefined))
}
