export type { Fault, FaultHandle } from './faults.ts'
export { type NeonCounts, type NeonEmulator, type NeonOptions, startNeonEmulator } from './server.ts'
