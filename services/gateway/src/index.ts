export { type GatewayOptions, gateway } from './gateway.ts'
export { createKey } from './keys.ts'
