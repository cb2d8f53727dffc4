import { connect } from 'node:net'
import { liveBrokers } from './kafka-wire.ts'
import { host } from './settings.ts'

/** True when something accepts connections there, whatever it is. */
export function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** A broker is ready when it counts itself among the living: its controllers have let it in. */
export async function isBrokerReady(port: number, nodeId: number): Promise<boolean> {
  return (await liveBrokers(port))?.includes(nodeId) ?? false
}

export async function isS3Ready(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(1000) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

/** While it loads its file, Redis answers PING with -LOADING. */
export function isRedisReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: AbortSignal.timeout(1000) })
    const finish = (isReady: boolean): void => {
      socket.destroy()
      resolve(isReady)
    }
    socket.on('connect', () => socket.write('PING\r\n'))
    socket.on('data', (chunk) => finish(chunk.toString().startsWith('+PONG')))
    socket.on('error', () => finish(false))
    socket.on('close', () => finish(false))
  })
}
