/** The slug of a resource to be made: chosen by staff, or made from its name and numbered if it is taken. */
export type NewSlug = { text: string; isChosen: boolean }
