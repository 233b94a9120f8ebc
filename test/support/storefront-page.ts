import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export type StorefrontPage = { origin: string; stop(): Promise<void> }

/**
 * A minimal storefront on localhost, as a shop would build one: it opens an account, adds a passkey and signs in with it, and
 * shows each answer. The API's address is given in the query.
 */
export async function startStorefrontPage(): Promise<StorefrontPage> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(HTML)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { origin: `http://localhost:${port}`, stop: () => stopped(server) }
}

const stopped = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const HTML = `<!doctype html>
<html lang="en">
<title>Storefront</title>
<h1>Storefront</h1>
<label>E-mail <input id="email" type="email" autocomplete="username webauthn"></label>
<label>Password <input id="password" type="password"></label>
<button id="register">Open an account</button>
<button id="add">Add a passkey</button>
<button id="sign-in">Sign in with a passkey</button>
<button id="login">Sign in with the password</button>
<output id="answer"></output>
<script type="module">
const api = new URLSearchParams(location.search).get('api')
const field = (id) => document.getElementById(id).value
let token

async function post(path, body) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) }
  const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.code)
  return answer
}

async function answered(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  return (await navigator.credentials.get({ publicKey })).toJSON()
}

const actions = {
  register: async () => {
    const session = await post('/api/users/register', { email: field('email'), password: field('password') })
    token = session.token
    return 'registered ' + session.user.email
  },
  add: async () => {
    const { options } = await post('/api/users/passkeys/options', {})
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    const passkey = (await navigator.credentials.create({ publicKey })).toJSON()
    const added = await post('/api/users/passkeys', { name: 'Browser', passkey })
    token = undefined
    return 'added ' + added.factor.type + ' with ' + added.recovery_codes.length + ' codes'
  },
  'sign-in': async () => {
    const { options } = await post('/api/users/login/passkey/options', {})
    const session = await post('/api/users/login/passkey', { passkey: await answered(options) })
    return 'signed in ' + session.user.email
  },
  login: async () => {
    const login = await post('/api/users/login', { email: field('email'), password: field('password') })
    const { mfa_token } = login
    const { options } = await post('/api/users/login/passkey/options', { mfa_token })
    const session = await post('/api/users/login/factor', { mfa_token, passkey: await answered(options) })
    return 'signed in ' + session.user.email + ' after ' + login.methods.join()
  },
}

for (const [id, action] of Object.entries(actions)) {
  document.getElementById(id).addEventListener('click', async () => {
    const answer = document.getElementById('answer')
    answer.textContent = ''
    answer.textContent = await action().catch((error) => 'failed: ' + error.message)
  })
}
</script>
</html>`
