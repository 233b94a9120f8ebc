/** What a text that is being typed may become. */
export type Suggestions = {
  products: { id: number; name: string; imageUrl: string | null }[]
  categories: { id: number; slug: string; name: string }[]
  brands: string[]
}
