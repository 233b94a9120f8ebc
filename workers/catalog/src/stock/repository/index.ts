export * from './listing.ts'
export * from './projection.ts'
export * from './variants.ts'
