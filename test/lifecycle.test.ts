import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

async function pendingOrder(customer = stage.customer): Promise<OrderBody> {
  const product = await stage.shop.addProduct(stage.admin)
  return (await stage.shop.placeOrder(customer, [[product, 1]])).body.order
}

async function paidOrder(): Promise<OrderBody> {
  const order = await pendingOrder()
  await stage.shop.pay(stage.customer, order, 'pm_card_visa')
  return stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
}

async function list(account: Account, query: string) {
  const page = await stage.shop.request('GET', `/api/orders?${query}`, { token: account.token })
  expect(page.status).toBe(200)
  return { ids: page.body.orders.map(({ id }) => id), next: page.body.next_cursor }
}

const move = (account: Account, { id }: { id: string }, status: string) =>
  stage.shop.request('PATCH', `/api/orders/${id}/status`, { token: account.token, body: { status } })

async function orderThatIs(status: string): Promise<OrderBody> {
  const order = await (status === 'pending' || status === 'cancelled' ? pendingOrder() : paidOrder())
  const steps = { cancelled: ['cancelled'], shipped: ['shipped'], delivered: ['shipped', 'delivered'] }[status] ?? []
  for (const step of steps) expect((await move(stage.admin, order, step)).status).toBe(200)
  return order
}

describe('staff', () => {
  it('ship a paid order and then deliver it, and the customer sees each status', async () => {
    const order = await paidOrder()
    for (const status of ['shipped', 'delivered'] as const) {
      const moved = await move(stage.admin, order, status)
      expect([moved.status, moved.body.order.status]).toEqual([200, status])
      expect(await stage.shop.getOrder(stage.customer, order.id)).toMatchObject({ status, payment_status: 'paid' })
    }
  })

  it('get the same answer when they repeat a status change', async () => {
    const order = await paidOrder()
    const first = await move(stage.admin, order, 'shipped')
    const second = await move(stage.admin, order, 'shipped')
    expect([second.status, second.body.order]).toEqual([200, first.body.order])
  })

  it.each([
    ['pending', ['processing', 'shipped', 'delivered', 'pending']],
    ['processing', ['pending', 'processing', 'delivered']],
    ['shipped', ['pending', 'processing', 'cancelled']],
    ['delivered', ['pending', 'processing', 'shipped', 'cancelled']],
    ['cancelled', ['pending', 'processing', 'shipped', 'delivered']],
  ])('cannot move a %s order to any of %j', async (from, steps) => {
    const order = await orderThatIs(from)
    for (const step of steps) {
      const refused = await move(stage.admin, order, step)
      expect([step, refused.status, refused.body]).toMatchObject([
        step,
        409,
        { code: 'order_status_conflict', from, to: step },
      ])
    }
    expect((await stage.shop.getOrder(stage.customer, order.id)).status).toBe(from)
  })

  it('cancel a pending order, and the reason names staff', async () => {
    const order = await pendingOrder()
    expect((await move(stage.admin, order, 'cancelled')).body.order.cancel_reason).toBe('cancelled_by_staff')
  })
})

describe('an order whose money is refunded', () => {
  const refund = async (order: OrderBody, amount?: number) => {
    const { payment } = (
      await stage.shop.request('GET', `/api/payments/order/${order.id}`, { token: stage.customer.token })
    ).body
    return stage.shop.request('POST', `/api/payments/${payment.id}/refund`, {
      token: stage.admin.token,
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: amount === undefined ? {} : { amount },
    })
  }
  const toShip = async () => (await list(stage.admin, 'scope=all&status=processing')).ids

  it('in full is neither listed as to be shipped nor shipped, and can still be cancelled', async () => {
    const order = await paidOrder()
    expect((await refund(order)).status).toBe(201)
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'refunded')
    expect(await toShip()).not.toContain(order.id)
    const refused = await move(stage.admin, order, 'shipped')
    expect([refused.status, refused.body.code]).toEqual([409, 'order_refunded'])
    expect((await move(stage.admin, order, 'cancelled')).body.order).toMatchObject({
      status: 'cancelled',
      payment_status: 'refunded',
    })
  })

  it('in part is listed and ships', async () => {
    const order = await paidOrder()
    expect((await refund(order, 5)).status).toBe(201)
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'partially_refunded')
    expect(await toShip()).toContain(order.id)
    expect((await move(stage.admin, order, 'shipped')).body.order.status).toBe('shipped')
  })

  it('in full ends either shipped or refused when both happen at once', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, paidOrder))
    for (const order of orders) {
      const [moved] = await Promise.all([move(stage.admin, order, 'shipped'), refund(order)])
      const { status, payment_status } = await stage.shop.orderBecomes(
        stage.customer,
        order.id,
        moved.status === 200 ? 'shipped' : 'processing',
        'refunded',
      )
      if (moved.status !== 200) expect([moved.status, moved.body.code]).toEqual([409, 'order_refunded'])
      expect([status, payment_status]).toEqual([moved.status === 200 ? 'shipped' : 'processing', 'refunded'])
    }
  })
})

describe('staff looking for what to ship', () => {
  it('find a paid order of any customer until it is shipped', async () => {
    const order = await paidOrder()
    const pending = await pendingOrder()
    const found = await list(stage.admin, 'scope=all&status=processing')
    expect(found.ids).toContain(order.id)
    expect(found.ids).not.toContain(pending.id)
    expect((await list(stage.admin, 'status=processing')).ids).toEqual([])
    await move(stage.admin, order, 'shipped')
    expect((await list(stage.admin, 'scope=all&status=processing')).ids).not.toContain(order.id)
    expect((await list(stage.admin, 'scope=all&status=shipped')).ids).toContain(order.id)
  })

  it('see everybody’s orders, guests included, newest first and page by page', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin)
    const body = { items: [{ product_id: product.id, quantity: 1 }], email: 'guest@example.com' }
    const of = [await pendingOrder(), (await shop.request('POST', '/api/orders', { body })).body.order]
    of.push(await pendingOrder(await shop.signUp()))
    const first = await list(admin, 'scope=all&limit=2')
    const second = await list(admin, `scope=all&limit=1&cursor=${first.next}`)
    expect([...first.ids, ...second.ids]).toEqual(of.map(({ id }) => id).reverse())
  })
})

describe('a customer', () => {
  it('may not list the orders of others', async () => {
    for (const query of ['scope=all', 'scope=all&status=pending']) {
      const refused = await stage.shop.request('GET', `/api/orders?${query}`, { token: stage.customer.token })
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
    }
    const nobody = await stage.shop.request('GET', '/api/orders?scope=all')
    expect([nobody.status, nobody.body.code]).toEqual([401, 'authentication_required'])
  })

  it('lists their own orders by status', async () => {
    const owner = await stage.shop.signUp()
    const [kept, dropped] = [await pendingOrder(owner), await pendingOrder(owner)]
    await move(owner, dropped, 'cancelled')
    expect((await list(owner, 'scope=own&status=pending')).ids).toEqual([kept.id])
    expect((await list(owner, 'status=cancelled')).ids).toEqual([dropped.id])
  })

  it('sees only their own older orders with a cursor from the list of all orders', async () => {
    const owner = await stage.shop.signUp()
    const older = await pendingOrder(owner)
    await pendingOrder()
    const { ids, next } = await list(stage.admin, 'scope=all&status=pending&limit=1')
    expect(ids).not.toContain(older.id)
    expect((await list(owner, `cursor=${next}`)).ids).toEqual([older.id])
  })

  it('may not ship or deliver', async () => {
    const order = await paidOrder()
    for (const step of ['shipped', 'delivered']) {
      const refused = await move(stage.customer, order, step)
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
    }
  })

  it('cancels a pending order, twice with the same answer, and its stock is back on sale', async () => {
    const { shop, admin, customer, platform } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 4 })
    const { order } = (await shop.placeOrder(customer, [[product, 4]])).body
    await shop.stockBecomes(product.id, 0)
    const first = await move(customer, order, 'cancelled')
    expect([first.status, first.body.order]).toMatchObject([
      200,
      { status: 'cancelled', cancel_reason: 'cancelled_by_customer' },
    ])
    const second = await move(customer, order, 'cancelled')
    expect([second.status, second.body.order]).toEqual([200, first.body.order])
    await platform.sweep()
    await shop.stockBecomes(product.id, 4)
    const refused = await shop.pay(customer, order, 'pm_card_visa')
    expect([refused.status, refused.body.code]).toEqual([409, 'order_not_payable'])
  })

  it('cannot cancel a paid order', async () => {
    const refused = await move(stage.customer, await paidOrder(), 'cancelled')
    expect([refused.status, refused.body.code]).toEqual([409, 'order_status_conflict'])
  })

  it('gets 404 for somebody else’s order', async () => {
    const order = await pendingOrder()
    const stranger = await stage.shop.signUp()
    const read = await stage.shop.request('GET', `/api/orders/${order.id}`, { token: stranger.token })
    expect([read.status, read.body.code]).toEqual([404, 'order_not_found'])
    for (const status of ['cancelled', 'shipped']) {
      expect((await move(stranger, order, status)).status).toBe(404)
    }
    expect((await stage.shop.getOrder(stage.customer, order.id)).status).toBe('pending')
  })

  it('gets 422 for an unknown status', async () => {
    const refused = await move(stage.customer, await pendingOrder(), 'lost')
    expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([422, 'status'])
  })

  it('lists their own orders, newest first, page by page, without duplicates or gaps', async () => {
    const { shop } = stage
    const owner = await shop.signUp()
    const placed: string[] = []
    for (let count = 0; count < 7; count += 1) placed.unshift((await pendingOrder(owner)).id)
    await pendingOrder()
    const listed: string[] = []
    const sizes: number[] = []
    let next = ''
    do {
      const page = await shop.request('GET', `/api/orders?limit=3${next}`, { token: owner.token })
      expect(page.status).toBe(200)
      listed.push(...page.body.orders.map(({ id }) => id))
      sizes.push(page.body.orders.length)
      next = page.body.next_cursor === null ? '' : `&cursor=${page.body.next_cursor}`
    } while (next !== '')
    expect(listed).toEqual(placed)
    expect(sizes).toEqual([3, 3, 1])
  })

  it.each([
    'limit=0',
    'limit=101',
    'limit=abc',
    'cursor=nonsense',
    'cursor=WyJhIiwiYiJd',
    'scope=others',
    'status=lost',
  ])('listing with %s is refused', async (query) => {
    const refused = await stage.shop.request('GET', `/api/orders?${query}`, { token: stage.customer.token })
    expect(refused.status).toBe(422)
  })
})
