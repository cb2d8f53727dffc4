// Imports point one way. Each kind of package names the packages it may import; anything else is refused.
// infra/boundaries/boundaries.test.ts keeps a violation of every rule here, and expects it to be seen.

/** Tests, what stands in a folder testing/ for them, and the contract suites may choose adapters and use the testkit. */
const testCode = '\\.test\\.tsx?$|/testing/|^test/|^packages/ports/src/contracts/'
const workspace = '^(packages|services|infra/local)/'
const adapters = 'packages/(?:kafka|s3|redis|embedded)'

const layers = {
  services: {
    in: 'services/[^/]+',
    mayImport: ['runtime', 'archive', 'replay', 'normalize', 'story', 'ports', 'contracts'],
  },
  normalize: { in: 'packages/normalize', mayImport: ['formats', 'enrich', 'story', 'contracts'] },
  formats: { in: 'packages/formats', mayImport: ['story', 'contracts'] },
  enrich: { in: 'packages/enrich', mayImport: ['story', 'contracts'] },
  story: { in: 'packages/story', mayImport: ['contracts'] },
  contracts: { in: 'packages/contracts', mayImport: [] },
  ports: { in: 'packages/ports', mayImport: [] },
  adapters: { in: adapters, mayImport: ['ports'] },
  // BullMQ speaks to a Redis: how one is reached and what it must not evict stands in one place.
  jobs: { in: 'packages/bullmq', mayImport: ['ports', 'redis'] },
  runtime: { in: 'packages/runtime', mayImport: ['ports', 'contracts', 'story'] },
  replay: { in: 'packages/replay', mayImport: ['archive', 'runtime', 'normalize', 'story', 'ports', 'contracts'] },
  archive: { in: 'packages/archive', mayImport: ['ports', 'runtime', 'contracts', 'story'] },
  client: { in: 'packages/client', mayImport: ['contracts'] },
  testkit: { in: 'packages/testkit', mayImport: ['ports', 'contracts', 'story'] },
  infra: { in: 'infra/[^/]+', mayImport: [] },
}

/** A vendor's client is known to its adapter alone; test/ may break things behind the adapter's back. */
const vendors = {
  kafkajs: 'packages/kafka',
  '@aws-sdk': 'packages/s3',
  ioredis: 'packages/(redis|bullmq)',
  bullmq: 'packages/bullmq',
}

const layerRules = Object.entries(layers).map(([name, layer]) => ({
  name: `layer-${name}`,
  comment: `imports nothing of ours${layer.mayImport.map((allowed, i) => `${i === 0 ? ' but ' : ', '}${allowed}`).join('')}`,
  severity: 'error',
  from: { path: `^(${layer.in})/`, pathNot: testCode },
  to: { path: workspace, pathNot: ['^$1/', ...layer.mayImport.map((allowed) => `^packages/${allowed}/`)] },
}))

const vendorRules = Object.entries(vendors).map(([client, home]) => ({
  name: `vendor-${client}`,
  comment: 'a vendor client stays inside its adapter: use the port',
  severity: 'error',
  from: { path: '^(packages|services|infra)/', pathNot: `^${home}/` },
  to: { path: `(^|node_modules/)${client}(/|$)`, pathNot: '^packages/' },
}))

export default {
  forbidden: [
    ...layerRules,
    ...vendorRules,
    {
      name: 'services-apart',
      comment: 'services meet in topics, never in imports, in their tests neither',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'by-name',
      comment: 'another package is imported by its name, never by its files',
      severity: 'error',
      from: { path: '^((packages|services|infra)/[^/]+|test)/' },
      to: { path: [workspace, '^test/'], pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'resolvable',
      comment: 'does not resolve: list it in the package.json, or the file is gone',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'not in the dependencies of the package.json beside it (vitest comes from the root)',
      severity: 'error',
      from: { path: '^(packages|services|infra|test)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '/node_modules/vitest/' },
    },
    {
      name: 'declared-for-use',
      comment: 'a dev dependency serves tests and generators, not the running code',
      severity: 'error',
      from: {
        path: '^(packages|services)/',
        pathNot: [testCode, '^packages/contracts/src/generate'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'no-circle',
      comment: 'two files that need each other are one, or share a third',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'type-import'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/fixtures/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
}
