/** The catalog's door to the database: no other service imports it. */
export * from './changes.ts'
export * from './low-stock.ts'
export * from './product-writes.ts'
export * from './products.ts'
export * from './stock.ts'
