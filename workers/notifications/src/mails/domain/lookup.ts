export const unique = <T>(values: T[]): T[] => [...new Set(values)]

export const mapBy = <K, T>(items: T[], keyOf: (item: T) => K): Map<K, T> =>
  new Map(items.map((item) => [keyOf(item), item]))
