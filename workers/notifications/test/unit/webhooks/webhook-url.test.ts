import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../../src/webhook-endpoints/domain/public-address.ts'
import { checkAddresses, checkUrl, isNamed } from '../../../src/webhook-endpoints/domain/webhook-url.ts'

const reasonOf = (url: string) => {
  const checked = checkUrl(url, 'public')
  return checked.ok ? undefined : checked.failure.reason
}

const HOSTILE: Record<string, string[]> = {
  malformed: [
    '',
    'hooks.example.com',
    '//hooks.example.com/x',
    'https://',
    'https:///',
    'https://hooks.example.com:99999/',
    'https://a..example.com/',
    'https://-a.example.com/',
    'https://[::1',
    'https://1.2.3.256/',
    'https://1.2.3.4.5/',
    `https://hooks.example.com/${'a'.repeat(1_000)}`,
    `https://${'a'.repeat(64)}.example.com/`,
  ],
  not_https: [
    'http://hooks.example.com/',
    'http://127.0.0.1/',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:25/_HELO',
    'javascript:alert(1)',
    'data:text/plain,x',
    'ws://hooks.example.com/',
    'blob:https://hooks.example.com/1',
  ],
  credentials: [
    'https://user:password@hooks.example.com/',
    'https://user@hooks.example.com/',
    'https://hooks.example.com@127.0.0.1/',
    'https://:x@hooks.example.com/',
    'https://hooks.example.com%40x@169.254.169.254/',
  ],
  port: ['https://hooks.example.com:80/', 'https://hooks.example.com:22/', 'https://hooks.example.com:6379/'],
  internal_name: [
    'https://localhost/',
    'https://LOCALHOST./',
    'https://localhost:8443/',
    'https://a.localhost/',
    'https://printer.local/',
    'https://printer.local./',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://metadata/',
    'https://intranet/',
    'https://router.lan/',
    'https://nas.home.arpa/',
    'https://1.0.0.127.in-addr.arpa/',
    'https://hidden.onion/',
    'https://loc%61lhost/',
    'https://ⓛocalhost/',
    'https://ｌｏｃａｌｈｏｓｔ/',
  ],
  private_address: [
    'https://127.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://①②⑦.0.0.1/',
    'https://127。0。0。1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://10.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://192.168.257/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0xa9fea9fe/',
    'https://2852039166/',
    'https://100.64.0.1/',
    'https://100.100.100.200/',
    'https://168.63.129.16/',
    'https://192.0.0.192/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://198.51.100.7/',
    'https://203.0.113.7/',
    'https://224.0.0.1/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::169.254.169.254]/',
    'https://[64:ff9b:1::a00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[2001:db8::1]/',
    'https://[3fff::1]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://[100::1]/',
    'https://[5f00::1]/',
  ],
}
const ROWS = Object.entries(HOSTILE).flatMap(([reason, urls]) => urls.map((url) => ({ url, reason })))

describe('a URL that webhooks must not go to', () => {
  it.each(ROWS)('is refused as $reason: $url', ({ url, reason }) => {
    expect(reasonOf(url)).toBe(reason)
  })

  it('is listed here in more than forty forms', () => {
    expect(ROWS.length).toBeGreaterThan(40)
  })
})

describe('a name that leads into a network, or that no public DNS has', () => {
  it.each([
    ...['localhost', 'localdomain', 'local', 'internal', 'intranet', 'private', 'corp', 'home', 'lan'],
    ...['home.arpa', 'arpa', 'alt', 'onion', 'test', 'example', 'invalid'],
  ])('is refused below %s', (name) => {
    expect(reasonOf(`https://hooks.shop.${name}/`)).toBe('internal_name')
    expect(reasonOf(`https://hooks.${name}./`)).toBe('internal_name')
    expect(reasonOf(`https://hooks.my${name}.com/`)).toBeUndefined()
  })

  it('is refused as such itself, though it has a dot', () => {
    expect(reasonOf('https://home.arpa/')).toBe('internal_name')
  })
})

describe('the longest URL', () => {
  const ofLength = (length: number) => `https://hooks.example.com/${'a'.repeat(length - 26)}`
  const named = (length: number) =>
    `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(length - 196)}.com`

  it('has 1,000 characters', () => {
    expect(reasonOf(ofLength(1_000))).toBeUndefined()
    expect(reasonOf(ofLength(1_001))).toBe('malformed')
    // It is kept as the parser writes it, and checked again before each request.
    expect(reasonOf(`https://hooks.example.com/${'ü'.repeat(200)}`)).toBe('malformed')
  })

  it('has a name of 253 characters, in labels of 63', () => {
    expect(reasonOf(`https://${named(253)}/`)).toBeUndefined()
    expect(reasonOf(`https://${named(254)}/`)).toBe('malformed')
  })

  it.each(['a-', '-a', 'a'.repeat(64)])('has no label %s', (label) => {
    expect(reasonOf(`https://${label}.example.com/`)).toBe('malformed')
  })

  it.each(['a', 'a-b', '_dmarc', 'a_', '9', 'a'.repeat(63)])('may have a label %s', (label) => {
    expect(reasonOf(`https://${label}.example.com/`)).toBeUndefined()
  })
})

describe('a host', () => {
  it.each(['https://hooks.example.com/', 'https://1.2.3.4.example.com/'])(
    'is a name that has to be resolved: %s',
    (url) => {
      expect(isNamed(new URL(url))).toBe(true)
    },
  )

  it.each(['https://93.184.216.34/', 'https://[2606:4700:4700::1111]/'])('is an address: %s', (url) => {
    expect(isNamed(new URL(url))).toBe(false)
  })
})

describe('a URL that webhooks may go to', () => {
  it.each([
    ['https://hooks.example.com/shop?a=b', 'https://hooks.example.com/shop?a=b'],
    ['https://example.com/', 'https://example.com/'],
    ['https://HOOKS.example.com:443', 'https://hooks.example.com/'],
    ['https://hooks.example.com:8443/', 'https://hooks.example.com:8443/'],
    ['https://hooks.example.com./', 'https://hooks.example.com./'],
    ['https://bücher.example.com/', 'https://xn--bcher-kva.example.com/'],
    ['https://a_b.example.com/', 'https://a_b.example.com/'],
    ['https://93.184.216.34/', 'https://93.184.216.34/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
    ['https://local.example.com/', 'https://local.example.com/'],
    ['https://hooks.example.com/#part', 'https://hooks.example.com/'],
  ])('is kept as the parser writes it: %s', (url, kept) => {
    const checked = checkUrl(url, 'public')
    expect(checked.ok && checked.value.href).toBe(kept)
  })
})

describe('in development', () => {
  it('is HTTP to this machine, on any port', () => {
    expect(checkUrl('http://127.0.0.1:4000/hooks', 'loopback').ok).toBe(true)
  })

  it.each([
    'https://127.0.0.1/',
    'http://localhost:4000/',
    'http://[::1]/',
    'http://127.0.0.2/',
    'http://10.0.0.1/',
    'https://hooks.example.com/',
  ])('nothing else: %s', (url) => {
    expect(checkUrl(url, 'loopback')).toMatchObject({ failure: { reason: 'not_loopback' } })
  })
})

type Bytes = readonly [number, number, number, number]
const byte = (min = 0, max = 255) => fc.integer({ min, max })
const PRIVATE_IPV4 = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127), byte(), byte(), byte()),
  fc.tuple(fc.constant(172), byte(16, 31), byte(), byte()),
  fc.tuple(fc.constant(192), fc.constant(168), byte(), byte()),
  fc.tuple(fc.constant(169), fc.constant(254), byte(), byte()),
  fc.tuple(fc.constant(100), byte(64, 127), byte(), byte()),
  fc.tuple(byte(224, 255), byte(), byte(), byte()),
)
const numberOf = ([a, b, c, d]: Bytes) => a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d

/** The spellings of an IPv4 address that URL parsers accept. */
const SPELLINGS: ((bytes: Bytes) => string)[] = [
  (bytes) => bytes.join('.'),
  (bytes) => `${bytes.join('.')}.`,
  (bytes) => String(numberOf(bytes)),
  (bytes) => `0x${numberOf(bytes).toString(16)}`,
  (bytes) => `0${numberOf(bytes).toString(8)}`,
  (bytes) => bytes.map((part) => `0x${part.toString(16)}`).join('.'),
  (bytes) => bytes.map((part) => `0${part.toString(8)}`).join('.'),
  ([a, b, c, d]) => `${a}.${b * 65_536 + c * 256 + d}`,
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  (bytes) => bytes.join('。'),
  (bytes) => bytes.join('.').replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
]
const hex = (bytes: Bytes) => {
  const text = numberOf(bytes).toString(16).padStart(8, '0')
  return `${text.slice(0, 4)}:${text.slice(4)}`
}
/** The addresses of IPv6 that have an IPv4 address in them. */
const WRAPPED: ((bytes: Bytes) => string)[] = [
  (bytes) => `[::ffff:${bytes.join('.')}]`,
  (bytes) => `[::ffff:${hex(bytes)}]`,
  (bytes) => `[0:0:0:0:0:ffff:${hex(bytes)}]`,
  (bytes) => `[::${bytes.join('.')}]`,
  (bytes) => `[64:ff9b::${bytes.join('.')}]`,
  (bytes) => `[64:ff9b::${hex(bytes)}]`,
  (bytes) => `[2002:${hex(bytes)}::1]`,
]

describe('an address that is not public', () => {
  it('is refused in every spelling of IPv4, and wrapped in IPv6', () => {
    fc.assert(
      fc.property(PRIVATE_IPV4, fc.constantFrom(...SPELLINGS, ...WRAPPED), (bytes, spell) => {
        expect(reasonOf(`https://${spell(bytes)}/`)).toBe('private_address')
      }),
      { numRuns: 2_000 },
    )
  })

  it('is refused in every spelling of local IPv6', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const first = fc.oneof(
      fc.integer({ min: 0xfc00, max: 0xfdff }),
      fc.integer({ min: 0xfe80, max: 0xfeff }),
      fc.integer({ min: 0xff00, max: 0xffff }),
      fc.integer({ min: 0, max: 0x1fff }),
      fc.integer({ min: 0x4000, max: 0xfbff }),
    )
    const written = fc.constantFrom<(group: number) => string>(
      (one) => one.toString(16),
      (one) => one.toString(16).toUpperCase(),
      (one) => one.toString(16).padStart(4, '0'),
    )
    fc.assert(
      fc.property(first, fc.array(group, { minLength: 7, maxLength: 7 }), written, (one, others, write) => {
        expect(reasonOf(`https://[${[one, ...others].map(write).join(':')}]/`)).toBe('private_address')
      }),
      { numRuns: 2_000 },
    )
  })

  it('is refused when it is one of the addresses of a name', () => {
    expect(checkAddresses(['93.184.216.34', '10.0.0.1'])).toMatchObject({ failure: { reason: 'private_address' } })
    expect(checkAddresses(['::ffff:10.0.0.1'])).toMatchObject({ failure: { reason: 'private_address' } })
    expect(checkAddresses(['not an address'])).toMatchObject({ failure: { reason: 'private_address' } })
    const unread = ['2606:[4700:4700::1111', '2606:4700]:4700::1111', '[]', '[1.2.3.4]', '2606', '']
    expect(unread.map(isPublicAddress)).toEqual(unread.map(() => false))
  })

  it('is refused at both ends of a range, and the addresses beside it are not', () => {
    expect(
      ['172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0', '223.255.255.255'].map(isPublicAddress),
    ).toEqual(Array(5).fill(true))
    expect(['172.16.0.0', '172.31.255.255', '100.64.0.0', '100.127.255.255', '224.0.0.0'].map(isPublicAddress)).toEqual(
      Array(5).fill(false),
    )
    expect(['2001:200::', '2400::1', '3ffe::1', '2620:4f:8001::'].map(isPublicAddress)).toEqual(Array(4).fill(true))
  })
})

describe('a name without an address', () => {
  it('is refused', () => {
    expect(checkAddresses([])).toMatchObject({ failure: { reason: 'unresolved' } })
  })
})
