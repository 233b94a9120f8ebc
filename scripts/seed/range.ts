import { currency } from '@shop/kernel/currencies'
import type { Attribute } from '../../workers/catalog/src/attributes/domain/attribute.ts'
import type { ProductDraft } from '../../workers/catalog/src/products/domain/new-product.ts'
import { FAMILIES, type Family, LINES } from './families.ts'

/** The declared attributes of the range; `care` is shown only. */
export const ATTRIBUTES: readonly Pick<Attribute, 'key' | 'label' | 'type' | 'values' | 'isFilterable'>[] = [
  {
    ...{ key: 'made_of', label: 'Made of', type: 'list', isFilterable: true },
    values: [...new Set(FAMILIES.flatMap(({ materials }) => materials))],
  },
  { key: 'vegan', label: 'Vegan', type: 'boolean', values: null, isFilterable: true },
  { key: 'warranty_years', label: 'Warranty in years', type: 'number', values: null, isFilterable: true },
  { key: 'care', label: 'Care', type: 'text', values: null, isFilterable: false },
]

const EUR = currency('EUR')
/** Whole euros for a price in dollars. */
const inEuros = (dollars: number) => Math.round(dollars * 0.92)
/** Every third line is sold in USD and described in English only, so that filters by currency have something to leave out. */
const isSoldInEuros = (line: number) => line % 3 !== 2

/** A product of the range, and the tree of categories it is in. */
export type RangeProduct = { draft: ProductDraft; categories: Family['categories'] }

/** Every family in every line: 144 products with options, always the same. */
export const RANGE: readonly RangeProduct[] = LINES.flatMap((_, line) =>
  FAMILIES.map((family, index) => ({
    draft: draftOf(family, line, line * FAMILIES.length + index),
    categories: family.categories,
  })),
)

function draftOf(family: Family, lineIndex: number, number: number): ProductDraft {
  const line = LINES[lineIndex]
  if (line === undefined) throw new Error(`There is no line ${lineIndex}`)
  const name = `${line.name} ${family.name}`
  const variants = line.colours.flatMap((colour, colourIndex) =>
    family.sizes.map((size, sizeIndex) => {
      const price = family.price + lineIndex * 2 + sizeIndex * family.priceStep
      return {
        sku: [family.code, code(line.name), code(colour), size.replaceAll(/[^\dA-Z]/gi, '').toUpperCase()].join('-'),
        options: { colour, size },
        price,
        prices: isSoldInEuros(lineIndex) ? [{ currency: EUR, amount: inEuros(price) }] : [],
        compareAtPrice:
          number % 5 === 0 ? Math.ceil((family.price + lineIndex * 2) * 1.25) + sizeIndex * family.priceStep : null,
        weightGrams: family.weightGrams,
        // Some are sold out, so that filters by stock have something to leave out.
        openingStock: (number * 7 + colourIndex * 5 + sizeIndex * 11) % 40,
        lowStockThreshold: sizeIndex === 0 ? 5 : null,
      }
    }),
  )
  return {
    name,
    description: `${family.description} In ${line.colours.join(' or ').toLowerCase()}.`,
    ...(isSoldInEuros(lineIndex) && {
      translations: { de: { ...family.german, name: `${line.name} ${family.german.name}` } },
    }),
    brand: line.brand,
    tags: [...family.tags, ...(number % 5 === 0 ? ['sale'] : [])],
    attributes: {
      made_of: family.materials,
      vegan: family.isVegan,
      warranty_years: family.warrantyYears,
      care: family.materials.includes('Wool') ? 'Hand wash' : 'Wipe or wash at 30 °C',
    },
    options: [
      { name: 'colour', values: [...line.colours] },
      { name: 'size', values: [...family.sizes] },
    ],
    variants,
  }
}

function code(name: string): string {
  return name.slice(0, 3).toUpperCase()
}
