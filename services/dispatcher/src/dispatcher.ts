import type { Service, ServiceContext } from '@dateline/runtime'
import { releases } from './releases.ts'
import { webhooks } from './webhooks.ts'

/** Embargo releases when they are due, and webhooks. */
export const dispatcher = (context: ServiceContext): readonly Service[] => [releases(context), webhooks(context)]
