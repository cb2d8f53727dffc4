// Exits 0 when every engine named on the command line (name=url) accepts a connection, else says which do not.
import { connect } from 'node:net'

const ANSWER_WITHIN_MS = 2_000

function answers(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), timeout: ANSWER_WITHIN_MS })
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
  return { name, url: new URL(url.join('=')) }
})
const checked = await Promise.all(engines.map(async (engine) => ({ ...engine, isThere: await answers(engine.url) })))
const away = checked.filter((engine) => !engine.isThere)

for (const { name, url } of away) console.error(`${name} does not answer at ${url.host}`)
if (away.length > 0) {
  console.error('Start the engines first: ./dateline engines up')
  process.exitCode = 69
}
