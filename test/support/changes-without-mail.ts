import type { Stage } from './use-platform.ts'

type Change = (stage: Stage) => Promise<string>

/** Requests that lead to a public event which has no mail, by its type. Each returns the key of the event. */
const CHANGES = {
  'product.created': async (stage) => `product:${(await aProduct(stage)).id}`,
  'category.created': async (stage) => {
    const body = { name: `Coffee ${crypto.randomUUID()}` }
    const created = await succeeds(stage, 'POST', '/api/categories', { token: stage.admin.token, body })
    return `category:${created.category.id}`
  },
  'customer_group.created': async (stage) => {
    const body = { name: `Cafés ${crypto.randomUUID()}` }
    const created = await succeeds(stage, 'POST', '/api/customer-groups', { token: stage.admin.token, body })
    return created.customer_group.id
  },
  'customer.updated': async (stage) => {
    const { token, user } = stage.customer
    await succeeds(stage, 'PATCH', '/api/users/profile', { token, body: { name: crypto.randomUUID() } })
    return user.id
  },
  'order.placed': async (stage) => (await anOrder(stage)).id,
  'order.updated': async (stage) => {
    const { id } = await anOrder(stage)
    const body = { metadata: { shelf: '7' } }
    await succeeds(stage, 'PATCH', `/api/orders/${id}`, { token: stage.admin.token, body })
    return id
  },
  'payment.requires_action': async (stage) => {
    const order = await anOrder(stage)
    const { body } = await stage.shop.pay(stage.customer, order, 'pm_card_authenticationRequired')
    return body.payment.id
  },
} satisfies Record<string, Change>

export const TYPES_WITHOUT_MAIL = Object.keys(CHANGES) as (keyof typeof CHANGES)[]

export const changeWithoutMail = (stage: Stage, type: keyof typeof CHANGES): Promise<string> => CHANGES[type](stage)

const aProduct = ({ shop, admin }: Stage) => shop.addProduct(admin)
const anOrder = async (stage: Stage) =>
  (await stage.shop.placeOrder(stage.customer, [[await aProduct(stage), 1]])).body.order

async function succeeds({ shop }: Stage, ...[method, path, options]: Parameters<Stage['shop']['request']>) {
  const { status, body } = await shop.request(method, path, options)
  if (status >= 300) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`)
  return body
}
