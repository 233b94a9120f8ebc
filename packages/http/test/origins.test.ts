import { Origins } from '@shop/http/origins'
import { describe, expect, it } from 'vitest'

const parsed = (list: string) => [...Origins.parse(list)]

describe('a list of origins', () => {
  it.each([
    ['https://shop.example.com', 'https://shop.example.com'],
    ['https://shop.example.com/', 'https://shop.example.com'],
    ['https://shop.example.com/admin?x=1#top', 'https://shop.example.com'],
    ['HTTPS://Shop.Example.COM', 'https://shop.example.com'],
    ['https://shop.example.com:443', 'https://shop.example.com'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['http://[::1]:5173', 'http://[::1]:5173'],
  ])('reads %s as the origin that a browser sends', (text, origin) => {
    expect(parsed(text)).toEqual([origin])
  })

  it('may be empty, and may have spaces and commas too many', () => {
    expect(parsed('')).toEqual([])
    expect(parsed(' https://a.example ,, https://b.example/, ')).toEqual(['https://a.example', 'https://b.example'])
  })

  it.each([
    '*',
    'null',
    'shop.example.com',
    'localhost:3000',
    'https://*.example.com',
    'https://',
    'https://a.example; b',
  ])('refuses %s by name', (text) => {
    const { error } = Origins.safeParse(`https://shop.example.com, ${text}`)
    expect(error?.issues.map(({ message }) => message)).toEqual([
      `"${text}" is no origin such as https://shop.example.com`,
    ])
  })
})
