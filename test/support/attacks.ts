import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import type { DescribedOperation } from '@shop/testing/api-contract'

/** Of no row, and well-formed where ids are numbers. */
const NUMBER = '9007199254740991'

/** The path of an operation with something in the place of each parameter. */
export function filledPath({ path }: Pick<DescribedOperation, 'path'>, id = NUMBER): string {
  return path
    .replace('{service}', 'orders')
    .replace('{country}', 'AQ')
    .replace('{name}', 'order_confirmed')
    .replaceAll(/\{\w+\}/g, id)
}

let requests = 0

/** An address that few requests come from, so that the limit per address refuses none of them. */
export function anAddress(): string {
  requests += 1
  const client = Math.floor(requests / 50)
  return `10.9.${(client >> 8) & 255}.${client & 255}`
}

/** Sends a request exactly as it is given, also where it is not described. */
export function attack(url: string, method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ 'cf-connecting-ip': anAddress(), ...(init.body ? JSON_TYPE : {}) })
  new Headers(init.headers).forEach((value, name) => {
    headers.set(name, value)
  })
  return fetch(`${url}${path}`, { redirect: 'manual', ...init, method, headers })
}

const JSON_TYPE = { 'content-type': 'application/json' }

type Raw = { status: number; headers: Record<string, unknown>; text: string }

/** A request with headers that `fetch` does not allow, such as another Host. */
export function rawRequest(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<Raw> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers: { 'cf-connecting-ip': anAddress(), ...headers } }
    openRequest(options, (response) => {
      let text = ''
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
      .on('error', reject)
      .end(body)
  })
}

/** What is answered to these bytes until the connection is closed. */
export function rawExchange(url: string, lines: string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`))
    socket.on('data', (data) => {
      answer += data
    })
    // A reset is a closed connection, too.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}
