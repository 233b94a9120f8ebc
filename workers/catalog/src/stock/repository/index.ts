export * from './listing.ts'
export * from './projection.ts'
export * from './thresholds.ts'
