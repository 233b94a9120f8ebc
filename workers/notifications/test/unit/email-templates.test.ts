import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { mailEvents } from '../../src/mails/mail-events.ts'
import { getEmailTemplate } from '../../src/templates/get-email-template.ts'
import { previewEmailTemplate } from '../../src/templates/preview-email-template.ts'
import { publishEmailTemplate } from '../../src/templates/publish-email-template.ts'
import { revertEmailTemplate } from '../../src/templates/revert-email-template.ts'
import { saveEmailTemplate } from '../../src/templates/save-email-template.ts'
import { anOrder, orderEvent } from '../support/mails.ts'
import { world } from '../support/world.ts'

const STAFF: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }
const CUSTOMER: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }
const NAME = { name: 'order_confirmed' }

const TEXT = {
  subject: 'Thanks, {{ recipient.name }}',
  html: '<p>{{ recipient.name }}</p>{% for item in order.items %}<p>{{ item.name }}</p>{% endfor %}',
  text: '{{ order.total }}',
}

type World = ReturnType<typeof world>
const save = ({ deps }: World, text = TEXT, versions?: number[]) =>
  saveEmailTemplate(deps, STAFF, { ...NAME, text, versions })
const publish = ({ deps }: World, version?: number) => publishEmailTemplate(deps, STAFF, { ...NAME, version })

describe('a draft', () => {
  it('is another version each time it is saved', async () => {
    const shop = world()
    await save(shop)
    expect(await save(shop)).toMatchObject({
      ok: true,
      value: { versions: [{ version: 2, status: 'draft' }, { version: 1 }] },
    })
  })

  it('is saved over the version that the writer has seen, and over no other', async () => {
    const shop = world()
    expect(await save(shop, TEXT, [0])).toMatchObject({ ok: true })
    expect(await save(shop, TEXT, [0])).toEqual({ ok: false, failure: { code: 'version_conflict' } })
    expect(await save(shop, TEXT, [1])).toMatchObject({ ok: true })
  })

  it('writes no mail until it is published', async () => {
    const order = anOrder()
    const shop = world({ orders: [order] })
    await save(shop)
    await mailEvents(shop.deps, 'orders', [orderEvent('order.paid', order.orderId)])
    expect(shop.sent).toMatchObject([{ subject: 'Your order at Example Shop Ltd' }])
  })

  it.each([
    ['a tag that is not closed', { html: '{% if order %}' }, 'html'],
    ['an unknown tag', { text: '{% exec "rm" %}' }, 'text'],
    ['an unknown filter', { subject: '{{ shop.name | shout }}' }, 'subject'],
    ['another file', { html: "{% include 'secrets' %}" }, 'html'],
    ['another file as its layout', { html: "{% layout 'secrets' %}" }, 'html'],
    ['endless work', { html: '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}' }, 'html'],
    ['a subject that is empty', { subject: '{{ nothing }}' }, 'subject'],
  ])('is refused with %s, naming the field', async (_, over, field) => {
    expect(await save(world(), { ...TEXT, ...over })).toMatchObject({
      ok: false,
      failure: { code: 'invalid_template', field },
    })
  })

  it('can print what it is given and nothing else', async () => {
    const shop = world()
    await save(shop, { ...TEXT, text: '[{{ shop.constructor.name }}{{ order.toString }}{{ __proto__ }}]' })
    const order = anOrder()
    shop.deps.orders = world({ orders: [order] }).deps.orders
    const shown = await previewEmailTemplate(shop.deps, STAFF, { ...NAME, orderId: order.orderId })
    expect(shown).toMatchObject({ ok: true, value: { mail: { text: '[]' } } })
  })
})

describe('a published template', () => {
  const hostile = '<b>Ada</b>\r\nBcc: x@example.com'

  async function sentWith(text: typeof TEXT) {
    const lines = anOrder().lines.map((line) => ({ ...line, name: '<i>Mug</i>' }))
    const order = anOrder({ recipientName: hostile, lines })
    const shop = world({ orders: [order] })
    await save(shop, text)
    await publish(shop)
    await mailEvents(shop.deps, 'orders', [orderEvent('order.paid', order.orderId)])
    return shop
  }

  it('writes the mails from then on, and escapes what customers have written', async () => {
    const { sent } = await sentWith(TEXT)
    expect(sent).toMatchObject([
      {
        subject: 'Thanks, <b>Ada</b> Bcc: x@example.com',
        html: '<p>&lt;b&gt;Ada&lt;/b&gt;\r\nBcc: x@example.com</p><p>&lt;i&gt;Mug&lt;/i&gt;</p>',
        text: '$25.00',
      },
    ])
  })

  it('that cannot be rendered holds no mail back', async () => {
    const { sent, warnings } = await sentWith({
      ...TEXT,
      html: "{% if order.items[0].name contains 'Mug</i>' %}{{ 'a' | date: '%', 1, 2 }}{% include 'x' %}{% endif %}",
    })
    expect(sent).toMatchObject([{ subject: 'Your order at Example Shop Ltd' }])
    expect(warnings).toEqual(['template_not_rendered'])
  })

  it('is replaced by another version, and an older one may be published again', async () => {
    const shop = world()
    await save(shop)
    await save(shop, { ...TEXT, subject: 'Second' })
    await publish(shop)
    expect(await publish(shop, 1)).toMatchObject({
      ok: true,
      value: {
        versions: [
          { version: 2, status: 'retired' },
          { version: 1, status: 'published' },
        ],
      },
    })
  })

  it('gives way to the shop’s own when it is put back, and keeps its versions', async () => {
    const order = anOrder()
    const shop = world({ orders: [order] })
    await save(shop)
    await publish(shop)
    expect(await revertEmailTemplate(shop.deps, STAFF, NAME)).toMatchObject({
      value: { versions: [{ status: 'retired' }] },
    })
    await mailEvents(shop.deps, 'orders', [orderEvent('order.paid', order.orderId)])
    expect(shop.sent).toMatchObject([{ subject: 'Your order at Example Shop Ltd' }])
  })

  it('does not exist before anything was written', async () => {
    expect(await publish(world())).toEqual({ ok: false, failure: { code: 'template_not_found' } })
  })
})

describe('a preview', () => {
  it('shows a real order by the draft', async () => {
    const order = anOrder({ recipientName: 'Grace' })
    const shop = world({ orders: [order] })
    await save(shop)
    const shown = await previewEmailTemplate(shop.deps, STAFF, { ...NAME, orderId: order.orderId })
    expect(shown).toMatchObject({ value: { mail: { subject: 'Thanks, Grace', text: '$25.00' }, version: 1 } })
  })

  it('shows the shop’s own template where staff have written none, in the language that is asked for', async () => {
    const order = anOrder()
    const shop = world({ orders: [order] })
    const shown = await previewEmailTemplate(shop.deps, STAFF, { ...NAME, orderId: order.orderId, locale: 'de' })
    expect(shown).toMatchObject({ value: { mail: { subject: 'Ihre Bestellung bei Example Shop Ltd' }, version: null } })
  })

  it('needs an order for a mail about one', async () => {
    const shop = world()
    expect(await previewEmailTemplate(shop.deps, STAFF, NAME)).toMatchObject({ failure: { code: 'order_required' } })
    const unknown = { ...NAME, orderId: newId('order') }
    expect(await previewEmailTemplate(shop.deps, STAFF, unknown)).toMatchObject({
      failure: { code: 'order_not_found' },
    })
  })

  it('needs none for a mail about an account', async () => {
    const shown = await previewEmailTemplate(world().deps, STAFF, { name: 'password_reset' })
    expect(shown).toMatchObject({ value: { mail: { subject: 'Reset your password' } } })
  })
})

describe('templates', () => {
  it.each([{ name: 'unknown' }, { name: 'order_confirmed', locale: 'fr' }])(
    'of %j do not exist in this shop',
    async (request) => {
      expect(await getEmailTemplate(world().deps, STAFF, request)).toEqual({
        ok: false,
        failure: { code: 'template_not_found' },
      })
    },
  )

  it.each([
    [{ kind: 'anonymous' } as Caller, 'authentication_required'],
    [CUSTOMER, 'forbidden'],
  ])('are for staff only', async (caller, code) => {
    const { deps } = world()
    const denied = { ok: false, failure: { code } }
    expect(await getEmailTemplate(deps, caller, NAME)).toEqual(denied)
    expect(await saveEmailTemplate(deps, caller, { ...NAME, text: TEXT, versions: undefined })).toEqual(denied)
    expect(await publishEmailTemplate(deps, caller, NAME)).toEqual(denied)
    expect(await revertEmailTemplate(deps, caller, NAME)).toEqual(denied)
    expect(await previewEmailTemplate(deps, caller, NAME)).toEqual(denied)
  })
})
