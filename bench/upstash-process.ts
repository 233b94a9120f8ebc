import { exitWhenParentGoes } from '@shop/emulator-kit/parent-pipe'
import { startUpstashEmulator } from '@shop/upstash-emulator'

// The program that `startUpstashProcess` starts; it ends with its parent.
const upstash = await startUpstashEmulator({ token: process.argv[2] ?? '' })
exitWhenParentGoes(() => upstash.close())
console.log(upstash.url)
