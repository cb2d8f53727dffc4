import type { Command } from 'commander'

interface BenchOptions {
  readonly messages: string
  readonly engines: boolean
  readonly rate: string
  readonly seconds: string
}

export function addBench(program: Command): void {
  program
    .command('bench')
    .argument('[what...]', 'drain, latency; both unless said')
    .option('--messages <n>', 'messages of a drain', '20000')
    .option('--rate <n>', 'messages a second for latency', '500')
    .option('--seconds <n>', 'how long latency is measured', '20')
    .option('--engines', 'on Kafka, S3 and Redis (start them with `dateline engines up`), one process a service', false)
    .description('measure this machine, beside a plain kafkajs pass-through in the same run')
    .action(async (what: readonly string[], options: BenchOptions) => {
      const { bench } = await import('../bench/bench.ts')
      await bench({
        what,
        messages: Number(options.messages),
        rate: Number(options.rate),
        seconds: Number(options.seconds),
        onEngines: options.engines,
      })
    })
}
