import { createServer, connect as dial, type Socket } from 'node:net'

/** A proxy in front of a server that can be closed, for tests of an outage of that server. */
export type Gate = {
  /** Its own port, to be used instead of the server's. */
  port: number
  open(): void
  /** `refuse` cuts connections at once; `hang` accepts them and never answers. Cuts open connections. */
  shut(how: 'refuse' | 'hang'): void
  close(): Promise<void>
}

/** Proxies all connections to a server on this machine, until it is closed. */
export async function startGate(serverPort: number): Promise<Gate> {
  let state: 'open' | 'refuse' | 'hang' = 'open'
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // Cut connections are intended; when one end closes, the other is closed too.
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer({ noDelay: true }, (client) => {
    keep(client)
    if (state === 'refuse') client.destroy()
    if (state !== 'open') return
    const upstream = dial({ port: serverPort, host: '127.0.0.1', noDelay: true })
    keep(upstream)
    client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The gate has no port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    open: () => {
      state = 'open'
      cut()
    },
    shut: (how) => {
      state = how
      cut()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}
