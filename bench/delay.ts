import type { AddressInfo } from 'node:net'
import { createServer, connect as openSocket, type Socket } from 'node:net'

/** A TCP relay on the loopback that delays the server's responses, as a distant server would. */
export type Relay = {
  port: number
  delayBy(milliseconds: number): void
  /** HTTP requests that went through it. */
  requests(): number
  close(): Promise<void>
}

/** Clients send one request after the other on a connection, so that each begins with a chunk. */
const BEGINS_A_REQUEST = /^(?:GET|POST|DELETE) \//

export async function startRelay(targetPort: number): Promise<Relay> {
  let delay = 0
  let requests = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const target = openSocket({ host: '127.0.0.1', port: targetPort, noDelay: true })
    client.setNoDelay(true)
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('data', (chunk) => {
      if (BEGINS_A_REQUEST.test(chunk.toString('latin1', 0, 8))) requests += 1
      target.write(chunk)
    })
    client.on('end', () => target.end())
    target.on('data', (chunk) => {
      if (delay === 0) client.write(chunk)
      else setTimeout(() => client.write(chunk), delay)
    })
    target.on('close', () => setTimeout(() => client.end(), delay))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address and a port.
  const { port } = server.address() as AddressInfo
  return {
    port,
    delayBy: (milliseconds) => {
      delay = milliseconds
    },
    requests: () => requests,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
