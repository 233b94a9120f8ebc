/** Products of one kind, which differ in their line: each line has a name, a maker and two colours. */
export type Family = {
  /** What a product is called after its line: `Alder crew-neck T-shirt`. */
  name: string
  code: string
  description: string
  /** The same texts for a German shop. */
  german: { name: string; description: string }
  /** The tree of categories above it, from the top. */
  categories: readonly [string, string, string]
  sizes: readonly string[]
  /** In USD, of the first line and the first size. */
  price: number
  /** By which each further size costs more. */
  priceStep: number
  weightGrams: number
  tags: readonly string[]
  materials: readonly string[]
  isVegan: boolean
  warrantyYears: number
}

type Line = { name: string; brand: string; colours: readonly [string, string] }

export const LINES: readonly Line[] = [
  { name: 'Alder', brand: 'Northfold', colours: ['Sand', 'Ink'] },
  { name: 'Birch', brand: 'Northfold', colours: ['White', 'Slate'] },
  { name: 'Cedar', brand: 'Hearth & Loom', colours: ['Rust', 'Sand'] },
  { name: 'Elm', brand: 'Hearth & Loom', colours: ['Moss', 'White'] },
  { name: 'Fir', brand: 'Tarn', colours: ['Forest', 'Ink'] },
  { name: 'Hazel', brand: 'Tarn', colours: ['Ochre', 'Slate'] },
  { name: 'Juniper', brand: 'Kestrel', colours: ['Sky', 'Ink'] },
  { name: 'Larch', brand: 'Kestrel', colours: ['Ochre', 'Forest'] },
  { name: 'Maple', brand: 'Saltmarsh', colours: ['Rust', 'Slate'] },
  { name: 'Rowan', brand: 'Saltmarsh', colours: ['Berry', 'White'] },
  { name: 'Spruce', brand: 'Aster', colours: ['Forest', 'Sand'] },
  { name: 'Willow', brand: 'Aster', colours: ['Moss', 'Sky'] },
]

const WORN = ['S', 'M', 'L']
const SHOES = ['39', '41', '43']

export const FAMILIES: readonly Family[] = [
  {
    ...{ name: 'crew-neck T-shirt', code: 'TEE', categories: ['clothing', 'Tops', 'T-shirts'], sizes: WORN },
    description: 'Heavy jersey that keeps its shape, with taped shoulders.',
    german: {
      name: 'T-Shirt mit Rundhals',
      description: 'Schwerer Jersey, der seine Form behält, mit verstärkten Schultern.',
    },
    ...{ price: 29, priceStep: 0, weightGrams: 180, tags: ['basics'], materials: ['Cotton'] },
    ...{ isVegan: true, warrantyYears: 1 },
  },
  {
    ...{ name: 'hooded sweatshirt', code: 'HOO', categories: ['clothing', 'Tops', 'Sweatshirts'], sizes: WORN },
    description: 'Brushed inside, with a double hood and a kangaroo pocket.',
    german: { name: 'Kapuzenpullover', description: 'Innen angeraut, mit doppelter Kapuze und Kängurutasche.' },
    ...{ price: 69, priceStep: 0, weightGrams: 520, tags: ['basics', 'winter'], materials: ['Cotton'] },
    ...{ isVegan: true, warrantyYears: 1 },
  },
  {
    ...{ name: 'cable-knit jumper', code: 'JUM', categories: ['clothing', 'Tops', 'Jumpers'], sizes: WORN },
    description: 'Knitted in one piece, so that no seam rubs.',
    german: { name: 'Zopfmusterpullover', description: 'In einem Stück gestrickt, damit keine Naht scheuert.' },
    ...{ price: 98, priceStep: 0, weightGrams: 610, tags: ['winter'], materials: ['Wool'] },
    ...{ isVegan: false, warrantyYears: 2 },
  },
  {
    ...{ name: 'relaxed chinos', code: 'CHI', categories: ['clothing', 'Trousers', 'Chinos'], sizes: WORN },
    description: 'Washed twill with a little stretch and four deep pockets.',
    german: { name: 'bequeme Chinohose', description: 'Gewaschener Twill mit etwas Stretch und vier tiefen Taschen.' },
    ...{ price: 74, priceStep: 0, weightGrams: 480, tags: ['basics'], materials: ['Cotton', 'Elastane'] },
    ...{ isVegan: true, warrantyYears: 1 },
  },
  {
    ...{ name: 'hiking boots', code: 'BOO', categories: ['outdoors', 'Footwear', 'Boots'], sizes: SHOES },
    description: 'Waterproof, resoleable, with a lug sole that grips wet rock.',
    german: {
      name: 'Wanderstiefel',
      description: 'Wasserdicht und neu besohlbar, mit einer Profilsohle, die auf nassem Fels hält.',
    },
    ...{ price: 189, priceStep: 0, weightGrams: 1_240, tags: ['waterproof'], materials: ['Leather', 'Rubber'] },
    ...{ isVegan: false, warrantyYears: 3 },
  },
  {
    ...{ name: 'canvas sneakers', code: 'SNE', categories: ['clothing', 'Footwear', 'Sneakers'], sizes: SHOES },
    description: 'Vulcanised sole and a removable cork insole.',
    german: { name: 'Leinenturnschuhe', description: 'Vulkanisierte Sohle und herausnehmbare Korkeinlage.' },
    ...{ price: 79, priceStep: 0, weightGrams: 760, tags: ['basics'], materials: ['Cotton', 'Rubber'] },
    ...{ isVegan: true, warrantyYears: 1 },
  },
  {
    ...{
      name: 'rolltop backpack',
      code: 'PAC',
      categories: ['outdoors', 'Bags', 'Backpacks'],
      sizes: ['18 l', '26 l'],
    },
    description: 'Welded seams, a padded sleeve and a chest strap.',
    german: { name: 'Rolltop-Rucksack', description: 'Verschweißte Nähte, ein gepolstertes Fach und ein Brustgurt.' },
    ...{ price: 109, priceStep: 20, weightGrams: 890, tags: ['waterproof', 'travel'], materials: ['Polyester'] },
    ...{ isVegan: true, warrantyYears: 5 },
  },
  {
    ...{
      name: 'weekend duffel',
      code: 'DUF',
      categories: ['outdoors', 'Bags', 'Duffel bags'],
      sizes: ['35 l', '50 l'],
    },
    description: 'Carried by hand or on the back, and fits under a seat.',
    german: { name: 'Reisetasche', description: 'In der Hand oder auf dem Rücken zu tragen; passt unter einen Sitz.' },
    ...{ price: 129, priceStep: 25, weightGrams: 1_050, tags: ['travel'], materials: ['Cotton', 'Leather'] },
    ...{ isVegan: false, warrantyYears: 5 },
  },
  {
    ...{
      name: 'stoneware mug',
      code: 'MUG',
      categories: ['kitchen', 'Tableware', 'Mugs'],
      sizes: ['250 ml', '350 ml'],
    },
    description: 'Glazed by hand, for the dishwasher and the microwave.',
    german: { name: 'Steingutbecher', description: 'Von Hand glasiert, für Spülmaschine und Mikrowelle.' },
    ...{ price: 16, priceStep: 3, weightGrams: 340, tags: ['gift'], materials: ['Stoneware'] },
    ...{ isVegan: true, warrantyYears: 1 },
  },
  {
    ...{ name: 'dinner plate', code: 'PLA', categories: ['kitchen', 'Tableware', 'Plates'], sizes: ['22 cm', '27 cm'] },
    description: 'Fired twice, with an edge that does not chip easily.',
    german: { name: 'Essteller', description: 'Zweimal gebrannt, mit einem Rand, der nicht leicht abplatzt.' },
    ...{ price: 19, priceStep: 5, weightGrams: 620, tags: ['gift'], materials: ['Stoneware'] },
    ...{ isVegan: true, warrantyYears: 1 },
  },
  {
    ...{ name: 'throw cushion', code: 'CUS', categories: ['home', 'Textiles', 'Cushions'], sizes: ['40 cm', '50 cm'] },
    description: 'A removable cover with a hidden zip; the filling is included.',
    german: {
      name: 'Zierkissen',
      description: 'Abnehmbarer Bezug mit verdecktem Reißverschluss; die Füllung liegt bei.',
    },
    ...{ price: 39, priceStep: 8, weightGrams: 700, tags: ['gift'], materials: ['Linen'] },
    ...{ isVegan: true, warrantyYears: 2 },
  },
  {
    ...{
      name: 'bath towel',
      code: 'TOW',
      categories: ['home', 'Textiles', 'Towels'],
      sizes: ['50 x 100 cm', '70 x 140 cm'],
    },
    description: 'Long-staple terry that is soft from the first wash.',
    german: { name: 'Badetuch', description: 'Langstapeliger Frottee, weich von der ersten Wäsche an.' },
    ...{ price: 18, priceStep: 14, weightGrams: 450, tags: ['basics'], materials: ['Cotton'] },
    ...{ isVegan: true, warrantyYears: 1 },
  },
]
