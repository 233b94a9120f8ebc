/** A body without a Content-Length. */
export function streamed(text: string): RequestInit {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
  // Node's fetch wants `duplex` with a stream; the DOM's type does not know it.
  return { body, duplex: 'half' } as RequestInit
}
