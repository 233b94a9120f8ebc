import { exitWhenParentGoes } from '@shop/local-cloud/process/parent-pipe'
import { startUpstash } from '@shop/local-cloud/upstash/index'

// The program that `startUpstashProcess` starts; it ends with its parent.
const upstash = await startUpstash({ token: process.argv[2] ?? '' })
exitWhenParentGoes(() => upstash.close())
console.log(upstash.url)
