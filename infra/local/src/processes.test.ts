import { describe, expect, it } from 'vitest'
import { readBrokerIds, request } from './kafka-wire.ts'
import { birthOf, parseProcStat, stateOf } from './processes.ts'

describe('a process that we started', () => {
  it('is read from proc whatever its name holds', () => {
    const after = `S 1 ${'0 '.repeat(17)}4711 0 0`
    expect(parseProcStat(`42 (a ) b (c) ${after}`)).toEqual({ state: 'S', birth: '4711' })
  })

  it('is not mistaken for another one under its pid', () => {
    expect(stateOf({ pid: process.pid, birth: birthOf(process.pid) ?? '' })).toBe('running')
    expect(stateOf({ pid: process.pid, birth: 'another' })).toBe('gone')
  })
})

describe('a question to a broker', () => {
  it('says its own length, key, version and client', () => {
    const bytes = request(3, 1, Buffer.alloc(4))
    expect(bytes.readInt32BE(0)).toBe(bytes.length - 4)
    expect([bytes.readInt16BE(4), bytes.readInt16BE(6)]).toEqual([3, 1])
    expect(bytes.toString('latin1')).toContain('dateline-engines')
  })

  it('reads the living brokers, with and without racks', () => {
    const broker = (id: string, rack: string) => `${id}0009${Buffer.from('127.0.0.1').toString('hex')}00004a94${rack}`
    const answer = `00000000${'00000001'}${'00000002'}${broker('00000001', 'ffff')}${broker('00000003', '000161')}`
    expect(readBrokerIds(Buffer.from(answer, 'hex'))).toEqual([1, 3])
    expect(readBrokerIds(Buffer.from(answer.slice(0, 40), 'hex'))).toBeUndefined()
  })
})
