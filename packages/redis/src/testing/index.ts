export { type OwnRedis, startOwnRedis } from './own-redis.ts'
export { removeKeys } from './remove-keys.ts'
