import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { changed, filtersOf, rotated, signingSecrets } from '../../../src/webhook-endpoints/domain/endpoint.ts'
import { NOW } from '../../support/mails.ts'
import { anEndpoint, sealed } from '../../support/webhooks.ts'

const later = addSeconds(NOW, 60)

describe('an endpoint', () => {
  it('takes all events, or each that it names once', () => {
    expect(filtersOf(['order.paid', '*', 'order.shipped'])).toEqual(['*'])
    expect(filtersOf(['order.paid', 'order.shipped', 'order.paid'])).toEqual(['order.paid', 'order.shipped'])
  })

  it('that staff disable says so, and keeps what it is', () => {
    const endpoint = anEndpoint({ failingSince: NOW })
    expect(changed(endpoint, { status: 'disabled' }, later)).toEqual({
      ...endpoint,
      ...{ status: 'disabled', disabledReason: 'by_staff', failingSince: undefined, updatedAt: later, version: 2 },
    })
  })

  it('that was disabled since it failed keeps that reason until it is enabled', () => {
    const endpoint = anEndpoint({ status: 'disabled', disabledReason: 'failing', failingSince: NOW })
    expect(changed(endpoint, { description: 'x', status: 'disabled' }, later).disabledReason).toBe('failing')
    expect(changed(endpoint, { status: 'enabled' }, later)).toMatchObject({
      ...{ disabledReason: undefined, failingSince: undefined },
    })
  })

  it('takes each part that is named, and keeps the others', () => {
    const endpoint = anEndpoint({ description: 'The warehouse', events: ['order.paid'] })
    const changes = {
      url: 'https://other.example.com/',
      description: '',
      events: ['order.shipped', 'order.shipped'],
    } as const
    expect(changed(endpoint, changes, later)).toEqual({
      ...{ ...endpoint, url: changes.url, description: '', events: ['order.shipped'] },
      ...{ updatedAt: later, version: 2 },
    })
    expect(changed(endpoint, {}, later)).toEqual({ ...endpoint, updatedAt: later, version: 2 })
  })

  it('begins afresh with another URL, not with another description', () => {
    const endpoint = anEndpoint({ failingSince: NOW })
    expect(changed(endpoint, { url: 'https://other.example.com/' }, later).failingSince).toBeUndefined()
    expect(changed(endpoint, { description: 'x' }, later).failingSince).toEqual(NOW)
  })
})

describe('a rotation', () => {
  it('lets the former secret sign for a day, and the one before that no longer', () => {
    const [first, second, third] = [sealed('1'), sealed('2'), sealed('3')]
    const once = rotated(anEndpoint({ secret: first }), second, NOW)
    expect(once).toMatchObject({ updatedAt: NOW, version: 2 })
    expect(signingSecrets(anEndpoint({ secret: first }), NOW)).toEqual([first])
    expect(signingSecrets(once, addSeconds(NOW, 86_399))).toEqual([second, first])
    expect(signingSecrets(once, addSeconds(NOW, 86_400))).toEqual([second])
    expect(signingSecrets(rotated(once, third, later), later)).toEqual([third, second])
  })
})
