import {
  configOf,
  EVENT_SERVICES,
  ROUTED_SERVICES,
  SERVICES,
  STORED_SERVICES,
  serviceNamed,
  WORKERS,
} from '@shop/services'
import { describe, expect, it } from 'vitest'

const duplicatesIn = (values: string[]) => values.filter((value, index) => values.indexOf(value) !== index)
const names: string[] = SERVICES.map(({ name }) => name)

/** The names that are reachable from a name, directly or not. */
function reachable(from: string, leadsTo: (name: string) => readonly string[]): Set<string> {
  const found = new Set<string>()
  const waiting = [...leadsTo(from)]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.add(next)
    waiting.push(...leadsTo(next))
  }
  return found
}
const callsOf = (name: string) => SERVICES.find((service) => service.name === name)?.mayCall ?? []
const sweepsAfter = (name: string) => SERVICES.find((service) => service.name === name)?.gateway?.sweepsAfter ?? []

describe('the table of services', () => {
  it('gives every service a name, worker, config, database and binding of its own', () => {
    const databases = STORED_SERVICES.flatMap(({ database }) => Object.values(database))
    const bindings = ROUTED_SERVICES.map(({ gateway }) => gateway.binding)
    for (const values of [names, SERVICES.map(({ worker }) => worker), WORKERS.map(configOf), databases, bindings]) {
      expect(duplicatesIn(values)).toEqual([])
    }
  })

  it.each(SERVICES)('names $name after its folder', ({ name, worker, config, database, gateway }) => {
    expect({ worker, config }).toEqual({ worker: `shop-${name}`, config: `workers/${name}/wrangler.toml` })
    if (gateway) expect(gateway.binding).toBe(name.toUpperCase())
    if (database) {
      expect(database).toEqual({
        schema: name,
        role: `${name}_service`,
        urlVariable: `${name.toUpperCase()}_DATABASE_URL`,
      })
    }
  })

  it('gives every public path to one service', () => {
    const paths = ROUTED_SERVICES.flatMap(({ gateway }) => gateway.paths)
    for (const path of paths) {
      expect(path).toMatch(/^\/[a-z.-]+(\/[a-z.-]+)*$/)
      const overlapping = paths.filter((other) => other === path || other.startsWith(`${path}/`))
      expect(overlapping).toEqual([path])
    }
  })

  it.each(ROUTED_SERVICES)('lets $name ignore the caller on its own paths only', ({ gateway }) => {
    for (const path of gateway.pathsWithoutCaller) {
      expect(gateway.paths.some((own) => path === own || path.startsWith(`${own}/`))).toBe(true)
    }
  })

  it.each(SERVICES)('lets $name call services that do not call it back', ({ name, mayCall }) => {
    expect(names).toEqual(expect.arrayContaining([...mayCall]))
    expect(reachable(name, callsOf)).not.toContain(name)
  })

  it.each(ROUTED_SERVICES)('lets the sweep of $name wait for sweeps that do not wait for it', ({ name, gateway }) => {
    expect(ROUTED_SERVICES.map((service) => service.name)).toEqual(expect.arrayContaining([...gateway.sweepsAfter]))
    expect(reachable(name, sweepsAfter)).not.toContain(name)
  })

  it.each(EVENT_SERVICES)('gives $name, which writes events, a database and the gateway’s routes', (service) => {
    expect([service.database, service.gateway]).not.toContain(undefined)
  })

  it('finds a service by its name', () => {
    for (const service of SERVICES) expect(serviceNamed(service.name)).toBe(service)
  })
})
