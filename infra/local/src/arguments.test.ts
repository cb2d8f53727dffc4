import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'
import { EngineError } from './engine-error.ts'

describe('the words of the command', () => {
  it('leaves to the defaults what is not said', () => {
    const options = { dir: undefined, brokers: undefined, only: undefined, ports: {} }
    expect(parseArguments(['up'])).toEqual({ verb: 'up', json: false, options })
  })

  it('reads brokers, kinds, ports and the directory', () => {
    const words = ['up', '--brokers', '3', '--only', 'kafka,s3', '--kafka-port', '29092', '--dir', '/tmp/x', '--json']
    const options = { dir: '/tmp/x', brokers: 3, only: ['kafka', 's3'], ports: { kafka: 29092 } }
    expect(parseArguments(words)).toEqual({ verb: 'up', json: true, options })
  })

  it('stops in order unless told how', () => {
    expect(parseArguments(['stop', 's3'])).toMatchObject({ name: 's3', signal: 'SIGTERM' })
    expect(parseArguments(['stop', 'kafka-2', '--signal', 'SIGKILL'])).toMatchObject({ signal: 'SIGKILL' })
  })

  it.each([
    ['no verb', [], /what to do/],
    ['an unknown verb', ['restart'], /what to do/],
    ['two brokers', ['up', '--brokers', '2'], /1 or 3, not '2'/],
    ['an unknown kind', ['up', '--only', 'mysql'], /kafka, s3, redis, not 'mysql'/],
    ['a port that is no number', ['up', '--s3-port', 'x'], /--s3-port is a number/],
    ['a port of zero', ['up', '--s3-port', '0'], /--s3-port is a number/],
    ['an unknown option', ['up', '--fast'], /--fast/],
    ['an unknown name', ['start', 'kafka-4'], /not 'kafka-4'/],
    ['no name', ['stop'], /Name one of/],
    ['an unknown signal', ['stop', 's3', '--signal', 'SIGHUP'], /not 'SIGHUP'/],
    ['a word too many', ['down', 'kafka-1'], /one word too many/],
  ])('refuses %s and says so', (_case, words, message) => {
    const parse = () => parseArguments(words)
    expect(parse).toThrow(EngineError)
    expect(parse).toThrow(message)
  })
})
