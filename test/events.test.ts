import { EVENT_SERVICES } from '@shop/services'
import { eventually } from '@shop/testing/eventually'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const eventsOf = (key: string, service = 'users') =>
  stage.shop.request('GET', `/api/events/${service}?key=${key}`, { token: stage.admin.token })

describe('the events of a service', () => {
  it('record a registration for staff, without the customer’s name or address', async () => {
    const { user } = await stage.shop.signUp()
    const reply = await eventsOf(user.id)
    expect(reply.status).toBe(200)
    const event = { key: user.id, sequence: 1, payload: { userId: user.id, role: 'customer' } }
    expect(reply.body.events).toMatchObject([
      { ...event, type: 'customer.verification_requested' },
      { ...event, type: 'customer.registered' },
    ])
    expect(JSON.stringify(reply.body)).not.toContain(user.email)
  })

  it('are recorded once when a second registration repeats the first', async () => {
    const { user, email } = await stage.shop.signUp()
    const body = { email, password: 'another long passphrase' }
    expect((await stage.shop.request('POST', '/api/users/register', { body })).status).toBe(409)
    expect((await eventsOf(user.id)).body.events).toHaveLength(2)
  })

  it.each(['gateway', 'unknown'])('do not exist for %s', async (service) => {
    const headers = { authorization: `Bearer ${stage.admin.token}` }
    const response = await fetch(`${stage.platform.url}/api/events/${service}`, { headers })
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'route_not_found' }])
  })
})

describe('readiness', () => {
  it.each(EVENT_SERVICES)('shows the event backlog of $name', async ({ name }) => {
    // The first check of a fresh shop may find Redis too slow to count as up.
    const { status, body } = await eventually(
      () => stage.shop.request('GET', '/health/ready'),
      (answer) => answer.body.checks?.[name]?.status === 'ok',
      5_000,
    )
    expect(status).toBe(200)
    const events = { pending: expect.any(Number), parked: 0, lag_seconds: expect.any(Number) }
    expect(body.checks[name]?.events).toEqual(events)
  })
})

it.each(EVENT_SERVICES)('$name lists its own events', async ({ name }) => {
  const reply = await eventsOf('nothing', name)
  expect(reply.status).toBe(200)
  expect(reply.body.events).toEqual([])
})
