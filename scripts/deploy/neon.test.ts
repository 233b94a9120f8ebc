import { describe, expect, it } from 'vitest'
import { readConfigs } from './configs.ts'
import { placementWarnings, pooledHost, refuseDirectHosts } from './neon.ts'

const CONFIGS = readConfigs()

describe('the host that services use', () => {
  it.each([
    ['ep-cool-1.eu-central-1.aws.neon.tech', 'ep-cool-1-pooler.eu-central-1.aws.neon.tech'],
    ['ep-cool-1.c-2.us-east-1.aws.neon.tech', 'ep-cool-1-pooler.c-2.us-east-1.aws.neon.tech'],
    ['ep-cool-1-pooler.eu-central-1.aws.neon.tech', 'ep-cool-1-pooler.eu-central-1.aws.neon.tech'],
    ['postgres.example.com', 'postgres.example.com'],
    ['127.0.0.1', '127.0.0.1'],
  ])('for %s is %s', (given, pooled) => {
    expect(pooledHost(given)).toBe(pooled)
  })

  it('is refused where it is the direct one, without showing the password', () => {
    const url = 'postgresql://orders_service:canary@ep-cool-1.eu-central-1.aws.neon.tech/shop'
    const refusal = () => refuseDirectHosts([['ORDERS_DATABASE_URL', url]])
    expect(refusal).toThrow(/ORDERS_DATABASE_URL .*ep-cool-1-pooler\.eu-central-1/)
    expect(refusal).not.toThrow('canary')
  })

  it('is accepted where it is the pooled one, or not Neon’s; migrations need the direct one', () => {
    refuseDirectHosts([
      ['ORDERS_DATABASE_URL', 'postgresql://orders_service:x@ep-cool-1-pooler.eu-central-1.aws.neon.tech/shop'],
      ['USERS_DATABASE_URL', 'postgresql://users_service:x@postgres.example.com/shop'],
      ['MIGRATION_DATABASE_URL', 'postgresql://owner:x@ep-cool-1.eu-central-1.aws.neon.tech/shop'],
      ['CATALOG_DATABASE_URL', undefined],
    ])
  })
})

describe('the place of the workers', () => {
  const warnings = (host: string) => placementWarnings(CONFIGS, `postgresql://owner:x@${host}/shop`)

  it('is that of the database', () => {
    expect(warnings('ep-cool-1.eu-central-1.aws.neon.tech')).toEqual([])
  })

  it('is warned about where the database is elsewhere', () => {
    const lines = warnings('ep-cool-1.c-2.us-east-1.aws.neon.tech')
    expect(lines).toHaveLength(3)
    for (const worker of ['users', 'orders', 'payments']) {
      expect(lines.join('\n')).toContain(
        `The database is in aws:us-east-1: set [placement] region in workers/${worker}/`,
      )
    }
    expect(warnings('ep-cool-1.eastus2.azure.neon.tech')[0]).toContain('azure:eastus2')
  })

  it('is not known for a database elsewhere than at Neon', () => {
    expect([...warnings('postgres.example.com'), ...placementWarnings(CONFIGS, undefined)]).toEqual([])
  })
})
