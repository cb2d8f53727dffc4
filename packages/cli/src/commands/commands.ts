import type { Command } from 'commander'
import { addArchive } from './archive.ts'
import { addAudit } from './audit.ts'
import { addBench } from './bench.ts'
import { addConfig } from './config.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { addEngines } from './engines.ts'
import { addFeeds } from './feeds.ts'
import { addKeys } from './keys.ts'
import { addParse } from './parse.ts'
import { addPush } from './push.ts'
import { addRejected } from './rejected.ts'
import { addReplay } from './replay.ts'
import { addRun } from './run.ts'
import { addState } from './state.ts'
import { addStory } from './story.ts'
import { addTail } from './tail.ts'
import { addTest } from './test.ts'
import { addTopics } from './topics.ts'
import { addUp } from './up.ts'

/** Every command, in the order of the help. */
export const commands: readonly ((program: Command) => void)[] = [
  addDemo,
  addUp,
  addRun,
  addPush,
  addParse,
  addTail,
  addStory,
  addAudit,
  addRejected,
  addReplay,
  addArchive,
  addTopics,
  addConfig,
  addFeeds,
  addKeys,
  addState,
  addEngines,
  addDoctor,
  addBench,
  addTest,
]
