import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const unique = () => crypto.randomUUID().slice(0, 8)
const staff = (method: string, path: string, body?: object) =>
  stage.shop.request(method, path, { token: stage.admin.token, body })
const read = (path: string, acceptLanguage?: string, token?: string) =>
  stage.shop.request('GET', path, {
    token,
    headers: acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage },
  })

async function addMug() {
  const name = `Mug ${unique()}`
  const translations = { de: { name: `Becher ${unique()}`, description: 'Aus Ton' } }
  return { name, translations, product: await stage.shop.addProduct(stage.admin, { name, translations }) }
}

describe('a product with translations', () => {
  it('is shown in the language that is asked for, cached apart', async () => {
    const { name, translations, product } = await addMug()
    const german = translations.de.name
    const paths = [`/api/products/${product.id}`, `/api/products/by-slug/${product.slug}`]
    for (let round = 0; round < 2; round += 1) {
      for (const path of paths) {
        for (const token of [undefined, stage.customer.token]) {
          expect((await read(path, undefined, token)).body.product.name).toBe(name)
          expect((await read(path, 'de-AT,en;q=0.5', token)).body.product).toMatchObject({
            name: german,
            description: 'Aus Ton',
          })
          expect((await read(path, 'fr, en', token)).body.product.name).toBe(name)
          expect((await read(`${path}?locale=de`, 'en', token)).body.product.name).toBe(german)
          expect((await read(`${path}?locale=en`, 'de', token)).body.product.name).toBe(name)
        }
      }
    }
    const { headers } = await read(`/api/products/${product.id}`, 'de')
    expect(headers.get('content-language')).toBe('de')
    expect(headers.get('vary')?.split(', ')).toContain('Accept-Language')
    expect((await read(`/api/products/${product.id}`)).headers.get('etag')).not.toBe(headers.get('etag'))
  })

  it('is found and suggested in the language', async () => {
    const { translations, product } = await addMug()
    const [, word] = translations.de.name.split(' ')
    const list = await read(`/api/products?search=becher+${word}`, 'de')
    expect(list.body.products.map(({ id, name }: { id: number; name: string }) => ({ id, name }))).toEqual([
      { id: product.id, name: translations.de.name },
    ])
    const { body } = await read(`/api/search/suggest?q=${word}&locale=de`)
    expect(body).toMatchObject({ suggestions: { products: [{ id: product.id, name: translations.de.name }] } })
  })

  it('is shown to staff as it is edited, and a form that is saved as it was read changes no text', async () => {
    const { name, translations, product } = await addMug()
    const path = `/api/products/${product.id}`
    const shown = await read(path, 'de', stage.admin.token)
    expect(shown.body.product).toMatchObject({ name, translations })
    const saved = await staff('PUT', path, {
      name: shown.body.product.name,
      description: shown.body.product.description,
      translations: shown.body.product.translations,
    })
    expect(saved.body.product).toMatchObject({ name, translations })
  })

  it('shows a changed translation within a second', async () => {
    const { product } = await addMug()
    const path = `/api/products/${product.id}`
    await read(path, 'de')
    const changed = await staff('PATCH', path, { translations: { de: { name: 'Tasse' } } })
    expect(changed.body.product.translations).toEqual({ de: { name: 'Tasse', description: 'Aus Ton' } })
    await expect.poll(async () => (await read(path, 'de')).body.product.name, { timeout: 1_500 }).toBe('Tasse')
    await staff('PATCH', path, { translations: null })
    await expect.poll(async () => (await read(path, 'de')).body.product.name, { timeout: 1_500 }).toBe(product.name)
  })

  it.each([{ en: { name: 'Cup' } }, { sv: { name: 'Kopp' } }, { DE: { name: 'Tasse' } }])(
    'is refused with %j',
    async (translations) => {
      const { status, body } = await staff('POST', '/api/products', { name: 'Mug', price: 1, translations })
      expect([status, body.code]).toEqual([422, 'invalid_translations'])
    },
  )

  it.each(['_', 'de_CH', 'x'])('is not shown in the language %s', async (locale) => {
    const { product } = await addMug()
    for (const path of [`/api/products/${product.id}`, '/api/products', '/api/search/suggest']) {
      expect((await read(`${path}?locale=${locale}`)).status).toBe(422)
    }
  })
})
