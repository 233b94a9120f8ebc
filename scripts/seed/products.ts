import { currency } from '@shop/kernel/currencies'

/** The first currency of the demo products, whatever the settings of the shop say. */
export const DEMO_CURRENCY = currency('USD')

/** The languages of the demo products, the default one first. */
export const DEMO_LOCALES = ['en', 'de']

/** The demo shop: name, price in the demo currency, stock, one line of description. */
type DemoProduct = readonly [name: string, price: number, stock: number, description: string]

export const DEMO_PRODUCTS: Readonly<Record<string, readonly DemoProduct[]>> = {
  electronics: [
    ['Noise-cancelling headphones', 249.0, 40, 'Over-ear, 30 hours on a charge, folds flat.'],
    ['Mechanical keyboard', 129.5, 75, 'Hot-swappable switches, aluminium case, 75% layout.'],
    ['USB-C docking station', 189.0, 30, 'Two displays, gigabit Ethernet, 96 W through one cable.'],
    ['Portable SSD 2 TB', 164.99, 60, 'Reads 1,050 MB/s, survives a fall from two metres.'],
    ['4K webcam', 119.0, 45, 'Autofocus, privacy shutter, two microphones.'],
    ['Laptop 14 inch', 1299.99, 25, '16 GB memory, 1 TB storage, 1.2 kg.'],
    ['Smart plug, four pack', 39.9, 200, 'Measures energy, works without a cloud account.'],
    ['Pocket power bank', 34.95, 150, '10,000 mAh, charges a phone twice.'],
  ],
  kitchen: [
    ['Burr coffee grinder', 99.0, 50, '40 steps from espresso to French press.'],
    ['Pour-over coffee maker', 42.5, 80, 'Borosilicate glass, a steel filter that lasts.'],
    ['Cast iron skillet', 54.0, 90, '26 cm, pre-seasoned, for any stove and the oven.'],
    ["Chef's knife", 118.0, 35, '21 cm, Japanese steel, balanced for long work.'],
    ['Digital kitchen scale', 24.9, 120, 'Weighs to 0.1 g, with a timer.'],
    ['Enamelled Dutch oven', 219.0, 20, '5.5 litres, for bread and for stews.'],
    ['Electric gooseneck kettle', 79.0, 55, 'Holds any temperature from 40 to 100 °C.'],
    ['Bamboo cutting board', 29.5, 140, 'With a juice groove and rubber feet.'],
  ],
  books: [
    ['Designing resilient systems', 49.99, 60, 'How large systems fail, and how they are made to recover.'],
    ['The bread book', 32.0, 85, '80 loaves from four basic doughs.'],
    ['A field guide to clouds', 18.5, 70, 'What the sky says about tomorrow.'],
    ['Short stories of the sea', 14.95, 100, 'Twenty voyages, most of them with a return.'],
    ['Practical statistics', 44.0, 40, 'For people who have data and a decision to make.'],
    ['The quiet garden', 27.5, 55, 'A year in a garden that is left to itself a little.'],
    ['Learning to draw', 22.0, 65, 'Thirty lessons with nothing but a pencil.'],
    ['History of the postal service', 36.0, 30, 'How letters learned to find anyone.'],
  ],
  clothing: [
    ['Merino T-shirt', 59.0, 160, 'Fine merino wool, for warm days and for cool ones.'],
    ['Waxed rain jacket', 189.0, 45, 'Keeps rain out for years if it is waxed once a year.'],
    ['Selvedge jeans', 139.0, 70, '13 oz denim, straight leg.'],
    ['Wool socks, three pack', 28.5, 220, 'Ribbed, mid-calf, mended without charge.'],
    ['Linen shirt', 74.0, 95, 'Washed linen, wooden buttons.'],
    ['Down vest', 115.0, 50, 'Packs into its own pocket.'],
    ['Leather belt', 48.0, 80, 'Full-grain leather, solid brass buckle.'],
    ['Knitted beanie', 26.0, 130, 'Lambswool, double layer.'],
  ],
  outdoors: [
    ['Two-person tent', 329.0, 28, '1.9 kg, stands in four minutes.'],
    ['Down sleeping bag', 249.0, 33, 'Comfortable to -5 °C, 980 g.'],
    ['Trail running shoes', 134.0, 64, 'Deep lugs, wide toe box.'],
    ['Trekking poles', 89.0, 58, 'Carbon, cork grips, three sections.'],
    ['Titanium camping pot', 46.0, 75, '900 ml, with a lid that strains.'],
    ['Rechargeable head torch', 54.9, 110, '400 lumens, red light for the map.'],
    ['Insulated bottle', 31.0, 180, 'Keeps 750 ml cold for a day.'],
    ['Dry bag 20 litres', 27.9, 90, 'Roll top, welded seams.'],
  ],
  home: [
    ['Desk lamp', 84.0, 66, 'Warm to cool white, no flicker.'],
    ['Wool blanket', 128.0, 40, 'Woven from recycled wool, 140 by 200 cm.'],
    ['Ceramic vase', 45.0, 52, 'Hand-thrown, no two alike.'],
    ['Scented candle', 22.5, 150, 'Beeswax and cedar, 40 hours.'],
    ['Linen bed set', 179.0, 36, 'Cover and two pillowcases, stone-washed.'],
    ['Wall clock', 58.0, 47, 'Silent movement, oak frame.'],
    ['Storage basket', 34.0, 98, 'Seagrass, with a lid.'],
    ['Indoor herb planter', 39.0, 61, 'Three pots on an oak tray.'],
  ],
  toys: [
    ['Wooden building blocks', 44.0, 85, '100 pieces of beech in a cotton bag.'],
    ['Marble run', 62.0, 54, 'Rails, loops and a lift, 120 parts.'],
    ['Jigsaw puzzle 1,000 pieces', 21.0, 115, 'A map of the world from 1690.'],
    ['Kite', 29.0, 70, 'Flies in a light breeze, 50 m of line.'],
    ['Strategy board game', 49.0, 68, 'Two to four players, an hour and a half.'],
    ['Plush bear', 24.0, 140, 'Washable, patient, 35 cm.'],
    ['Junior microscope', 79.0, 32, 'Up to 400 times, with ten slides.'],
    ['Watercolour set', 33.0, 95, '24 colours and two brushes.'],
  ],
  sports: [
    ['Yoga mat', 48.0, 120, 'Natural rubber, 5 mm.'],
    ['Adjustable dumbbells', 299.0, 22, 'From 2 to 24 kg in one handle, a pair.'],
    ['Foam roller', 26.5, 105, 'Firm, 45 cm.'],
    ['Bicycle helmet', 89.0, 60, 'Light, vented, with a magnetic buckle.'],
    ['Swimming goggles', 23.0, 130, 'Anti-fog, three nose bridges.'],
    ['Football', 36.0, 88, 'Size 5, thermally bonded.'],
    ['Resistance bands', 19.9, 175, 'Five strengths and a bag.'],
    ['Badminton set', 69.0, 41, 'Four rackets, net and shuttlecocks.'],
  ],
}
