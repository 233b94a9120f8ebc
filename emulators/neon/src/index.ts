export { type NeonEmulator, startNeonEmulator } from './server.ts'
