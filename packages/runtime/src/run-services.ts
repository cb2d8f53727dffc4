import { constants, setPriority } from 'node:os'
import type { Logger } from './logger.ts'
import type { Service } from './service.ts'

/**
 * Starts the services in order and keeps them until the signal or until one fails; then stops them in reverse, within the deadline.
 * Answers with what failed, null after an ordinary stop.
 */
export async function runServices(
  services: readonly Service[],
  options: {
    readonly signal: AbortSignal
    readonly stopWithinMs: number
    readonly log: Logger
    readonly onStarted?: () => void
  },
): Promise<unknown> {
  const started: Service[] = []
  let fault: unknown = null
  // Threads have no priority of their own: beside another service in the same process it cannot be lowered.
  if (services.every(({ givesWay }) => givesWay)) setPriority(constants.priority.PRIORITY_LOW)
  try {
    for (const service of services) {
      started.push(service)
      await service.start()
      options.log.info(`${service.name} started`)
    }
    options.onStarted?.()
    await Promise.race([aborted(options.signal), ...services.map((service) => service.failed)])
  } catch (error) {
    fault = error
  }
  const deadline = performance.now() + options.stopWithinMs
  for (const service of started.reverse()) await service.stop(Math.max(100, deadline - performance.now()))
  return fault
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
