import { createApp } from '@shop/http/app'
import { createRoute, json, problems } from '@shop/http/openapi'
import { openApiDocument } from '@shop/http/openapi-document'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Address = z.strictObject({ city: z.string() }).meta({ id: 'TestAddress' })
const Parcel = z.strictObject({ to: Address, back_to: Address.nullable() }).meta({ id: 'TestParcel' })

describe('openApiDocument', () => {
  const app = createApp<object, object>({ deps: () => ({}) })
  const responses = { 200: json('A parcel', Parcel), ...problems() }
  app.openapi(createRoute({ method: 'get', path: '/parcel', responses }), (c) =>
    c.json({ to: { city: 'Ulm' }, back_to: null }, 200),
  )
  const document = JSON.parse(JSON.stringify(openApiDocument(app)))

  it('names schemas by their id, those in others too', () => {
    expect(Object.keys(document.components.schemas).sort()).toEqual(['Problem', 'TestAddress', 'TestParcel'])
    expect(document.paths['/parcel'].get.responses['200'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/TestParcel',
    })
  })

  it('lets a nullable reference be null', () => {
    expect(document.components.schemas.TestParcel.properties).toEqual({
      to: { $ref: '#/components/schemas/TestAddress' },
      back_to: { anyOf: [{ $ref: '#/components/schemas/TestAddress' }, { type: 'null' }] },
    })
  })
})
