import { STORED_SERVICES } from '@shop/services'
import type { WorkerConfig } from './configs.ts'

// Source: https://neon.com/docs/connect/connection-pooling
const POOLER = '-pooler'

const isNeon = (hostname: string): boolean => hostname.endsWith('.neon.tech')
const isPooler = (hostname: string): boolean => hostname.split('.')[0]?.endsWith(POOLER) === true

/** The host of Neon's pooler for a direct host. Any other host stays as it is. */
export function pooledHost(hostname: string): string {
  if (!isNeon(hostname) || isPooler(hostname)) return hostname
  const [endpoint, ...rest] = hostname.split('.')
  return [`${endpoint}${POOLER}`, ...rest].join('.')
}

/**
 * Refuses the connection string of a service with Neon's direct host: a busy shop would use up its connections.
 *
 * @throws Error that names the secret and the host, never the password
 */
export function refuseDirectHosts(values: Iterable<[name: string, value: string | undefined]>): void {
  const names = new Set<string>(STORED_SERVICES.map(({ database }) => database.urlVariable))
  for (const [name, value] of values) {
    if (!names.has(name) || !value || !URL.canParse(value)) continue
    const { hostname } = new URL(value)
    if (pooledHost(hostname) === hostname) continue
    throw new Error(`${name} leads to Neon's direct host. Workers need the pooled one: ${pooledHost(hostname)}`)
  }
}

/** The region of a Neon host as `[placement]` names it, such as `aws:eu-central-1`. */
function regionOf(hostname: string): string | undefined {
  const [, region, cloud] = /\.([a-z0-9-]+)\.(aws|azure)\.neon\.tech$/.exec(hostname) ?? []
  return region === undefined ? undefined : `${cloud}:${region}`
}

/** What to change where workers are placed elsewhere than the database is: each query would cross that distance. */
export function placementWarnings(configs: WorkerConfig[], ownerUrl: string | undefined): string[] {
  if (!ownerUrl || !URL.canParse(ownerUrl)) return []
  const region = regionOf(new URL(ownerUrl).hostname)
  return configs.flatMap(({ path, placement }) =>
    region === undefined || placement.region === undefined || placement.region === region
      ? []
      : [
          `The database is in ${region}: set [placement] region in ${path}, and OBJECT_LOCATION in every worker ` +
            'before the first deployment (docs/deploy.md).',
        ],
  )
}
