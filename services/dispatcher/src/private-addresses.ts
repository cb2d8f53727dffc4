import { BlockList, isIP } from 'node:net'

/**
 * Addresses of this machine, of private networks, and those that stand for another address. A list for each family: node's BlockList takes
 * every IPv4 address for one of ::ffff:0:0/96 when that stands in the same list (Node 24).
 */
const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  lists.ipv4.addSubnet(address, bits, 'ipv4')
for (const [address, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  lists.ipv6.addSubnet(address, bits, 'ipv6')

/** A webhook reaches these only where its subscription says so. What is no address counts as one. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 4) return lists.ipv4.check(address, 'ipv4')
  return isIP(address) === 0 || lists.ipv6.check(address, 'ipv6')
}
