import { createServer, type Server } from 'node:net'

export const LOOPBACK = '127.0.0.1'

/** The requested port is in use. The message says what to do and can be shown to people. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
  readonly port: number

  constructor(port: number, wantedFor: string) {
    super(
      `Port ${port} on ${LOOPBACK}, wanted for ${wantedFor}, is taken. ` +
        `Stop what uses it (find it with: lsof -i :${port}) or choose another port.`,
    )
    this.port = port
  }
}

/**
 * Binds a server to 127.0.0.1.
 *
 * @param port 0 chooses a free port
 * @returns the bound port
 * @throws PortTaken when another process listens there
 */
export function listenOnLoopback(server: Server, port: number, wantedFor: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port, wantedFor) : error)
    server.once('error', failed)
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      server.off('error', failed)
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('a TCP server has no TCP address')
      resolve(address.port)
    })
  })
}

/** @throws PortTaken when another process listens there */
export async function assertPortIsFree(port: number, wantedFor: string): Promise<void> {
  const probe = createServer()
  await listenOnLoopback(probe, port, wantedFor)
  await closeServer(probe)
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
