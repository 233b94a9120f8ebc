import { z } from 'zod'

/** Source: https://developers.cloudflare.com/durable-objects/reference/data-location/ */
const LOCATIONS = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'apac-ne', 'apac-se', 'oc', 'afr', 'me'] as const
const JURISDICTIONS = ['eu', 'us', 'fedramp', 'fedramp-high'] as const

/**
 * Where Durable Objects live: one setting for every object of the shop. An object stays where it was first reached, so a
 * change moves only objects that are made later. With another jurisdiction, every name leads to another, empty object.
 */
export const ObjectSettings = z.object({
  /** Near the database. */
  OBJECT_LOCATION: z.enum(LOCATIONS),
  /** Empty: none. `wrangler dev` and tests know no jurisdictions. */
  OBJECT_JURISDICTION: z.enum(['', ...JURISDICTIONS]).default(''),
})
export type ObjectSettings = z.infer<typeof ObjectSettings>

/** The objects of a class, by name. */
export type Objects<T extends Rpc.DurableObjectBranded> = (name: string) => DurableObjectStub<T>

/** The only way to an object: the first call of each one decides for good where it lives. */
export function objectsIn<T extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<T>,
  { OBJECT_LOCATION: locationHint, OBJECT_JURISDICTION: jurisdiction }: ObjectSettings,
): Objects<T> {
  const within = jurisdiction === '' ? namespace : namespace.jurisdiction(jurisdiction)
  return (name) => within.getByName(name, { locationHint })
}
