import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevProcess, freePorts, runDev } from './support/dev-process.ts'

const SELLING = fileURLToPath(new URL('../docs/selling.md', import.meta.url))

let directory: string
let shop: DevProcess
let base: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shop-docs-'))
  const ports = await freePorts()
  base = `http://127.0.0.1:${ports.PORT}`
  shop = runDev({ LOCAL_DIR: directory, DEV_VARS: join(directory, '.dev.vars'), ...ports })
  await shop.opened
}, 120_000)
afterAll(async () => {
  await shop?.stop()
  await rm(directory, { recursive: true, force: true })
})

/** The shell blocks of a part of docs/selling.md, without its own first block. */
async function blocksOf(heading: string): Promise<string[]> {
  const parts = (await readFile(SELLING, 'utf8')).split(/^## /m)
  const part = parts.find((text) => text.startsWith(`${heading}\n`))
  if (part === undefined) throw new Error(`docs/selling.md has no part "${heading}"`)
  return [...part.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
}

/** The block before the parts, for this shop; but a refused call ends the script. */
async function preamble(): Promise<string> {
  const [first = ''] = (await readFile(SELLING, 'utf8')).split(/^## /m)
  const [, block = ''] = /^```sh\n([\s\S]*?)^```$/m.exec(first) ?? []
  return block.replace(/^BASE=.*$/m, `BASE=${base}`).replace('curl -s ', 'curl -sS --fail-with-body ')
}

/** Runs calls as they are pasted. @returns what they print: each answer is one line */
async function paste(blocks: string[]): Promise<Record<string, unknown>[]> {
  const script = ['set -euo pipefail', await preamble(), ...blocks].join('\n')
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { maxBuffer: 10_000_000, cwd: directory })
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

describe('the calls of docs/selling.md', () => {
  it('put an account into a group, make a promotion for it, and write a note', async () => {
    const answers = await paste(await blocksOf('Customer groups'))
    expect(answers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ customers: [expect.objectContaining({ email: 'customer@example.com' })] }),
        expect.objectContaining({ promotion: expect.objectContaining({ name: 'Wholesale' }) }),
        expect.objectContaining({ notes: [expect.objectContaining({ text: 'Asked for invoices in German' })] }),
        { message: 'Customer group deleted' },
      ]),
    )
  })

  it('lead from an empty cart to a paid order with shipping, tax and a code, and merge carts', async () => {
    const answers = await paste(await blocksOf('From cart to order'))
    const orders = answers.flatMap(({ order }) => (order === undefined ? [] : [order as Record<string, unknown>]))
    expect(orders.at(-1)).toMatchObject({
      email: 'ada@example.com',
      shipping: { name: expect.any(String) },
      adjustments: [{ type: 'percentage', code: expect.stringMatching(/^WELCOME-/) }],
      items: [{ quantity: 1 }, { quantity: 2 }],
    })
    expect(answers.find(({ payment }) => payment !== undefined)).toMatchObject({ payment: { status: 'succeeded' } })
    expect(answers.at(-1)).toMatchObject({ cart: { status: 'open', items: [{ quantity: 2 }] } })
  }, 60_000)

  it('edit an order before and after it is paid, and give money back', async () => {
    const answers = await paste(await blocksOf('Editing an order'))
    expect(answers.flatMap(({ edit }) => (edit === undefined ? [] : [edit]))).toMatchObject([
      { refund: 0 },
      { refund: 0 },
      { refund: 0 },
      { refund: expect.any(Number) },
    ])
    expect(answers.flatMap(({ payment }) => (payment === undefined ? [] : [payment]))).toMatchObject([
      { status: 'succeeded' },
      { status: 'succeeded' },
    ])
  }, 60_000)

  it('ship an order in parts, refund a unit of it by line, and find and export orders', async () => {
    const answers = await paste(await blocksOf('Shipping it'))
    const shipments = answers.flatMap(({ shipment }) => (shipment === undefined ? [] : [shipment]))
    expect(shipments).toMatchObject([
      { status: 'shipped', carrier: 'DHL', items: [{ quantity: 1 }] },
      { status: 'cancelled', items: [{ quantity: 2 }] },
      { status: 'shipped', tracking_number: '00340434161094042558', items: [{ quantity: 1 }] },
      { status: 'delivered' },
    ])
    expect(answers.find(({ refund }) => refund !== undefined)).toMatchObject({ refund: { reason: 'Sold out' } })
    const orders = answers.flatMap(({ order }) => (order === undefined ? [] : [order]))
    expect(orders.at(-1)).toMatchObject({
      items: [{ to_ship: 0, shipped_quantity: 2, removed_quantity: 1, refunded_quantity: 1 }],
      shipments: [{}, {}, {}],
    })
  }, 60_000)

  it('issue a gift card, pay a part of an order with it, get it back by cancelling the order, and void the card', async () => {
    const answers = await paste(await blocksOf('Gift cards'))
    const orders = answers.flatMap(({ order }) => (order === undefined ? [] : [order]))
    expect(orders).toMatchObject([
      { total_amount: 30, amount_due: 10 },
      { status: 'cancelled', amount_due: 0 },
    ])
    const cards = answers.flatMap(({ gift_card: card }) => (card === undefined ? [] : [card]))
    expect(cards[0]).toMatchObject({ balance: 20, currency: 'USD' })
    expect(cards.find((card) => 'entries' in (card as object))).toMatchObject({ balance: 20 })
    expect(cards.at(-1)).toMatchObject({ balance: 0 })
  }, 60_000)

  it('print the invoice of an order, the credit note of its refund, and a packing slip', async () => {
    const answers = await paste(await blocksOf('Invoices'))
    expect(answers.find(({ invoices }) => invoices !== undefined)).toMatchObject({
      invoices: [{ kind: 'invoice', reason: 'paid' }],
    })
    for (const file of ['invoice.pdf', 'credit-note.pdf', 'packing-slip.pdf']) {
      expect((await readFile(join(directory, file), 'latin1')).slice(0, 5)).toBe('%PDF-')
    }
  }, 60_000)

  it('return units of an order, of which one is for sale again, refund them, and exchange another one', async () => {
    const answers = await paste(await blocksOf('Returns'))
    expect(answers.at(-1)).toMatchObject({
      returns: [
        {
          ...{ status: 'closed', note: 'Too tight' },
          items: [{ received_quantity: 2, restocked_quantity: 1, written_off_quantity: 1, refunded_quantity: 2 }],
        },
        { items: [{ refunded_quantity: 1 }], exchange_order_id: expect.any(String) },
      ],
    })
    expect(answers.find(({ refund }) => refund !== undefined)).toMatchObject({ refund: { reason: 'Returned' } })
  }, 60_000)
})
