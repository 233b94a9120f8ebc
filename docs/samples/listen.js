/**
 * Hears of changes of orders and stock, also over interruptions, until `signal` is aborted. Runs in browsers, and in Node as it is.
 *
 * @param api where the shop is, such as `https://shop.example.com`
 * @param onMessage gets each message, in order; `live.ready` first, and after each interruption
 */
export async function listen({ api, topics, onMessage, token, orderToken, lastEventId, signal }) {
  let lastId = lastEventId
  for (let wait = 1_000; !signal?.aborted; wait = Math.min(wait * 2, 30_000)) {
    try {
      const response = await fetch(`${api}/api/live/tickets`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token && { authorization: `Bearer ${token}` }),
          ...(orderToken && { 'x-order-token': orderToken }),
        },
        body: JSON.stringify({ topics }),
        signal,
      })
      if (response.status === 401 || response.status === 404) return
      const { ticket } = await response.json()
      const query = new URLSearchParams({ ticket: ticket.token, ...(lastId && { last_event_id: lastId }) })
      await new Promise((closed) => {
        const socket = new WebSocket(`${api.replace(/^http/, 'ws')}/api/live?${query}`)
        const pings = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('ping'), 30_000)
        const end = () => socket.close()
        signal?.addEventListener('abort', end)
        socket.onmessage = ({ data }) => {
          if (data === 'pong') return
          wait = 1_000
          const message = JSON.parse(data)
          lastId = message.id
          onMessage(message)
        }
        socket.onclose = () => {
          clearInterval(pings)
          signal?.removeEventListener('abort', end)
          closed()
        }
      })
    } catch {
      // The network is away, or the page is left.
    }
    if (!signal?.aborted) await new Promise((later) => setTimeout(later, wait * (0.5 + Math.random())))
  }
}
