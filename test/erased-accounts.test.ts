import { eventually } from '@shop/testing/eventually'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { aPerson, peopleOf } from './support/people.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
const { request, signUp, order, pay, sweepAgain } = peopleOf(stage)

afterEach(() => {
  stage.platform.stripe.faults.clear()
})

describe('an account', () => {
  it('is erased by an administrator, who may repeat the request', async () => {
    const { token } = stage.admin
    const account = await stage.shop.signUp()
    const path = `/api/users/${account.user.id}`
    expect((await request('DELETE', path, { token })).status).toBe(200)
    expect((await request('DELETE', path, { token })).status).toBe(200)
    expect((await request('GET', path, { token })).status).toBe(404)
    expect((await request('POST', '/api/users/logout-all', { token: account.token })).body.code).toBe('invalid_token')
  })

  it('is exported a few times an hour', async () => {
    const { token } = await stage.shop.signUp()
    const statuses: number[] = []
    for (let n = 0; n < 6; n += 1) statuses.push((await request('GET', '/api/users/me/export', { token })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  })

  it('is not exported in part while Stripe does not answer', async () => {
    const person = aPerson()
    const account = await signUp(person)
    await pay(account, await order(person, account))
    stage.platform.stripe.faults.add({ kind: 'cut_before', match: { path: /^\/v1\/customers/ }, times: 10 })
    const refused = await request('GET', '/api/users/me/export', { token: account.token })
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable'])
  })

  it('keeps being erased at Stripe until Stripe answers', async () => {
    const person = aPerson()
    const account = await signUp(person)
    const paid = await order(person, account)
    await pay(account, paid)
    await stage.shop.orderBecomes(account, paid.id, 'processing', 'paid')
    const customerId = async () => {
      const { rows } = await stage.platform.database
        .as('payments')
        .execute<{ id: string }>(
          sql`select stripe_customer_id as id from payments.customers where user_id = ${account.user.id}`,
        )
      return rows[0]?.id
    }
    expect(await customerId()).toBeDefined()
    stage.platform.stripe.faults.add({ kind: 'cut_before', match: { path: /^\/v1\/customers/ }, times: 100 })
    expect((await request('DELETE', '/api/users/me', { token: account.token })).status).toBe(200)
    await stage.platform.sweep()
    expect(await customerId()).toBeDefined()
    stage.platform.stripe.faults.clear()
    await eventually(
      async () => {
        await sweepAgain()
        return customerId()
      },
      (id) => id === undefined,
      10_000,
    )
  })
})
