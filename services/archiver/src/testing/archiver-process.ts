/** An archiver in a process of its own that ends as by kill -9: node archiver-process.ts '{"kafka":…,"dieAt":"after-put","times":2}' */
import { archiverOn, openRealArchive, openRealLog, type RealPlace } from './real-engines.ts'

export interface ProcessOrder extends RealPlace {
  readonly dieAt: 'before-put' | 'after-put'
  /** At which put. */
  readonly times: number
}

const order = JSON.parse(process.argv[2] ?? '') as ProcessOrder
const inner = await openRealArchive(order)
let puts = 0
const service = await archiverOn(order, await openRealLog(order), {
  ...inner,
  async put(key, bytes, metadata) {
    puts += 1
    const isLast = puts === order.times
    if (isLast && order.dieAt === 'before-put') process.kill(process.pid, 'SIGKILL')
    const outcome = await inner.put(key, bytes, metadata)
    if (isLast && order.dieAt === 'after-put') process.kill(process.pid, 'SIGKILL')
    return outcome
  },
})
await service.start()
// Nothing else keeps the process.
setInterval(() => {}, 60_000)
