import { archiver, archiveUpkeep } from '@dateline/archiver'
import { dispatcher } from '@dateline/dispatcher'
import { gateway } from '@dateline/gateway'
import { normalizer } from '@dateline/normalizer'
import { publisher } from '@dateline/publisher'
import { replayer } from '@dateline/replayer'
import type { Service, ServiceContext } from '@dateline/runtime'

export interface ServiceOptions {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** All services of the process, for the gateway's health answers. */
  readonly all: () => readonly Service[]
}

/** Every service, in the order they start. */
const factories = {
  gateway: (context: ServiceContext, options: ServiceOptions) => [gateway(context, options)],
  publisher: (context: ServiceContext) => [publisher(context)],
  normalizer: (context: ServiceContext) => normalizer(context),
  archiver: (context: ServiceContext) => [archiver(context), archiveUpkeep(context)],
  dispatcher: (context: ServiceContext) => dispatcher(context),
  replayer: (context: ServiceContext) => [replayer(context)],
} as const

export type ServiceName = keyof typeof factories
export const serviceNames = Object.keys(factories) as readonly ServiceName[]
export const isServiceName = (name: string): name is ServiceName => name in factories

export function createServices(
  names: readonly ServiceName[],
  context: ServiceContext,
  options: Omit<ServiceOptions, 'all'>,
): readonly Service[] {
  const services: readonly Service[] = serviceNames
    .filter((name) => names.includes(name))
    .flatMap((name): readonly Service[] =>
      factories[name]({ ...context, log: context.log.child({ service: name }) }, { ...options, all: () => services }),
    )
  return services
}
