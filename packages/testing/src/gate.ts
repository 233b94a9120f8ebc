import { createServer, connect as dial, type Socket } from 'node:net'

/** A way to a server that can be shut, for tests of what happens when that server is away. */
export type Gate = {
  /** Where it listens; takes the place of the server's own. */
  port: number
  open(): void
  /** `refuse` cuts connections at once; `hang` takes them and never answers. Cuts those that are open. */
  shut(how: 'refuse' | 'hang'): void
  close(): Promise<void>
}

/** Stands before a server on this machine and passes everything on, until it is shut. */
export async function startGate(serverPort: number): Promise<Gate> {
  let state: 'open' | 'refuse' | 'hang' = 'open'
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // A cut connection is what this is for; each end is closed when the other is.
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
