// Exits 0 when every engine named on the command line (name=url) accepts a connection, else says which do not.
import { connect } from 'node:net'

const ANSWER_WITHIN_MS = 2_000
const defaultPorts: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'redis:': 6379,
  'rediss:': 6379,
  'tcp:': 9092,
}

function answers(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const port = Number(url.port || defaultPorts[url.protocol])
    const socket = connect({ host: url.hostname, port, timeout: ANSWER_WITHIN_MS })
    const done = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => done(true))
    socket.once('timeout', () => done(false))
    socket.once('error', () => done(false))
  })
}

const engines = process.argv.slice(2).map((argument) => {
  const [name = '', ...url] = argument.split('=')
  const [first = ''] = url.join('=').split(',') // of several brokers, one that answers is enough to begin with
  return { name, url: new URL(first) }
})
const checked = await Promise.all(engines.map(async (engine) => ({ ...engine, isThere: await answers(engine.url) })))
const away = checked.filter((engine) => !engine.isThere)

for (const { name, url } of away) console.error(`${name} does not answer at ${url.host}`)
if (away.length > 0) {
  console.error('Start the engines first: ./dateline engines up')
  process.exitCode = 69
}
