import type { Service, ServiceContext } from '@dateline/runtime'
import { redeliveries } from './redeliveries.ts'
import { releases } from './releases.ts'
import { webhooks } from './webhooks.ts'

/** Embargo releases when they are due, webhooks, and what a replay delivers again. */
export const dispatcher = (context: ServiceContext): readonly Service[] => [
  releases(context),
  webhooks(context),
  redeliveries(context),
]
