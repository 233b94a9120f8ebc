import type { CancelReason } from '@shop/contracts/orders/states'
import { action, type Words } from './letter.ts'
import { listOf, trackingOf } from './shipment-text.ts'

const hello = ({ recipient: { name } }: { recipient: { name: string | null } }) =>
  name === null ? 'Hello,' : `Hello ${name},`

const WHY: Record<CancelReason, string> = {
  cancelled_by_customer: 'You cancelled it.',
  cancelled_by_staff: 'We had to cancel it. We are sorry about that.',
  expired: 'It was not paid in time.',
  stock_gone: 'An item sold out before your payment arrived. We are sorry about that.',
  authorization_lost: 'Your bank no longer reserved the money for it.',
}

const VIEW = 'View your order'
const NOT_YOU = 'If you did not ask for this, you can ignore this mail. Nothing changes.'
const ONE_HOUR = 'The link works once, for one hour.'

export const ENGLISH: Words = {
  labels: {
    order: 'Order',
    items: 'Items',
    subtotal: 'Subtotal',
    discount: 'Discount',
    shipping: 'Shipping',
    tax: 'Tax',
    taxIncluded: 'Tax included',
    total: 'Total',
    deliveryTo: 'Delivery to',
    orOpen: 'Or open this link:',
  },
  order: {
    order_confirmed: (data) => ({
      subject: `Your order at ${data.shop.name}`,
      heading: 'Thank you for your order',
      paragraphs: [
        hello(data),
        `We have your order of ${data.order.placed_on}, and write again when it is on its way.`,
      ],
      action: action(VIEW, data.link),
    }),
    payment_failed: (data) => ({
      subject: 'Your payment did not go through',
      heading: 'Your payment did not go through',
      paragraphs: [
        hello(data),
        `The payment of ${data.order.total} for your order was declined, and no money was taken.`,
        'You can pay with another method as long as the order is open.',
      ],
      action: action(VIEW, data.link),
    }),
    order_shipped: (data) => ({
      subject: `Your order from ${data.shop.name} is on its way`,
      heading: 'Your order is on its way',
      paragraphs: [
        hello(data),
        `We have shipped ${data.shipment === null ? '' : `${listOf(data.shipment.items)} of `}your order of ${data.order.placed_on}.`,
        ...trackingOf(data.shipment, 'Tracking number'),
      ],
      action: data.shipment?.tracking_url
        ? action('Track your parcel', data.shipment.tracking_url)
        : action(VIEW, data.link),
    }),
    order_cancelled: (data) => ({
      subject: `Your order at ${data.shop.name} was cancelled`,
      heading: 'Your order was cancelled',
      paragraphs: [
        hello(data),
        `Your order of ${data.order.placed_on} was cancelled. ${data.cancel_reason === null ? '' : WHY[data.cancel_reason]}`.trim(),
        ...(data.order.paid ? ['What you have paid for it is returned to you.'] : []),
      ],
      action: action(VIEW, data.link),
    }),
    order_refunded: (data) => ({
      subject: `Your refund from ${data.shop.name}`,
      heading: 'Your refund is on its way',
      paragraphs: [
        hello(data),
        `We have refunded ${data.refund ?? data.order.total} of your order of ${data.order.placed_on}.`,
        'It takes your bank a few days to show it.',
      ],
      action: action(VIEW, data.link),
    }),
    order_access: (data) => ({
      subject: `The link to your order at ${data.shop.name}`,
      heading: 'The link to your order',
      paragraphs: [
        hello(data),
        `Somebody, probably you, asked for the link to your order of ${data.order.placed_on}.`,
        'Whoever has the link can open the order. Please do not pass this mail on.',
      ],
      action: action(VIEW, data.link),
      note: NOT_YOU,
    }),
    return_approved: (data) => ({
      subject: `Your return to ${data.shop.name}`,
      heading: 'You can send it back',
      paragraphs: [
        hello(data),
        `We take back ${data.return === null ? 'items' : listOf(data.return.items)} of your order of ${data.order.placed_on}.`,
        `Please send it to: ${[data.shop.name, ...data.shop.address].join(', ')}.`,
      ],
      action: action(VIEW, data.link),
    }),
    return_refused: (data) => ({
      subject: `Your return to ${data.shop.name}`,
      heading: 'We cannot take it back',
      paragraphs: [
        hello(data),
        `We cannot take back ${data.return === null ? 'items' : listOf(data.return.items)} of your order of ${data.order.placed_on}.`,
        ...(data.return?.refuse_reason ? [data.return.refuse_reason] : []),
      ],
      action: action(VIEW, data.link),
    }),
    return_received: (data) => ({
      subject: `Your return to ${data.shop.name} has arrived`,
      heading: 'Your return has arrived',
      paragraphs: [
        hello(data),
        `We have received what you sent back of your order of ${data.order.placed_on}.`,
        'We check it, and write again when we have refunded it.',
      ],
      action: action(VIEW, data.link),
    }),
  },
  account: {
    email_verification: (data) => ({
      subject: 'Confirm your e-mail address',
      heading: 'Confirm your e-mail address',
      paragraphs: [hello(data), `Please confirm that this address is yours. ${ONE_HOUR}`],
      action: action('Confirm the address', data.link),
      note: NOT_YOU,
    }),
    password_reset: (data) => ({
      subject: 'Reset your password',
      heading: 'Reset your password',
      paragraphs: [hello(data), `Somebody asked to reset the password of your account. ${ONE_HOUR}`],
      action: action('Choose a new password', data.link),
      note: NOT_YOU,
    }),
    email_change: (data) => ({
      subject: 'Confirm your new e-mail address',
      heading: 'Confirm your new e-mail address',
      paragraphs: [hello(data), `Confirm this address to use it for your account at ${data.shop.name}. ${ONE_HOUR}`],
      action: action('Confirm the address', data.link),
      note: NOT_YOU,
    }),
    email_changed: (data) => ({
      subject: 'Your e-mail address was changed',
      heading: 'Your e-mail address was changed',
      paragraphs: [hello(data), `Your account at ${data.shop.name} now has a new e-mail address.`],
      note: 'If that was not you, contact us at once.',
    }),
    password_changed: (data) => ({
      subject: 'Your password was changed',
      heading: 'Your password was changed',
      paragraphs: [hello(data), `The password of your account at ${data.shop.name} was changed.`],
      note: 'If that was not you, reset your password at once, and contact us.',
    }),
    factor_added: (data) => ({
      subject: 'A second factor was added to your account',
      heading: 'A second factor was added',
      paragraphs: [hello(data), `Your account at ${data.shop.name} has a new second factor for signing in.`],
      note: 'If that was not you, reset your password at once, and contact us.',
    }),
    factor_removed: (data) => ({
      subject: 'A second factor was removed from your account',
      heading: 'A second factor was removed',
      paragraphs: [hello(data), `A second factor of your account at ${data.shop.name} was removed.`],
      note: 'If you did not ask for this, reset your password at once, and contact us.',
    }),
    staff_invitation: (data) => ({
      subject: `You are invited to ${data.shop.name}`,
      heading: `Join ${data.shop.name}`,
      paragraphs: [hello(data), `You are invited to work on the shop ${data.shop.name}.`],
      action: action('Accept the invitation', data.link),
      note: 'If you do not know this shop, you can ignore this mail.',
    }),
  },
  giftCard: ({ gift_card: card, ...data }) => ({
    subject: `Your gift card from ${data.shop.name}`,
    heading: `Your gift card of ${card.amount}`,
    paragraphs: [
      hello(data),
      `You have a gift card of ${card.amount} for ${data.shop.name}. Enter this code when you pay: ${card.code}`,
      ...(card.expires_on === null ? [] : [`It can be spent until ${card.expires_on}.`]),
    ],
    note: 'Whoever has the code can spend it. We cannot show it to you again, so please keep this mail.',
  }),
  lowStock: ({ product }) => ({
    subject: `Low stock: ${product.name}`,
    heading: 'Low stock',
    paragraphs: [
      `${product.name}${product.sku === null ? '' : ` (${product.sku})`} has ${product.available} left. The low-stock threshold is ${product.threshold}.`,
    ],
  }),
  webhookDisabled: ({ endpoint, ...data }) => ({
    subject: `Webhooks to ${endpoint.host} are stopped`,
    heading: 'A webhook endpoint was disabled',
    paragraphs: [
      hello(data),
      `Every webhook to ${endpoint.host}${endpoint.description === null ? '' : ` (${endpoint.description})`} has failed for three days, so the endpoint ${endpoint.id} was disabled.`,
      'Once its receiver works, enable it. What waits for it is sent then, and what happened in between can be sent again.',
    ],
  }),
}
