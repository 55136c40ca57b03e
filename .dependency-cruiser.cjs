// The table of ARCHITECTURE.md as rules: which folder of src/ may import which. Cycles are errors.
const MAY_IMPORT = {
  lib: [],
  telemetry: ['lib'],
  events: ['lib'],
  skim: ['lib'],
  accounts: ['events', 'lib'],
  relate: ['accounts', 'events', 'telemetry', 'lib'],
  ir: ['events', 'lib'],
  sigma: ['ir', 'events', 'lib'],
  engine: ['ir', 'events', 'lib'],
  targets: ['ir', 'events', 'lib'],
  sources: ['events', 'telemetry', 'lib'],
  alerts: ['events', 'ir', 'lib'],
  tuning: ['alerts', 'events', 'ir', 'lib'],
  report: ['alerts', 'events', 'ir', 'lib'],
  notify: ['report', 'tuning', 'alerts', 'telemetry', 'lib'],
  posture: ['accounts', 'alerts', 'telemetry', 'lib'],
  simulate: ['events', 'lib'],
  store: ['events', 'alerts', 'tuning', 'notify', 'api', 'lib'],
  api: ['alerts', 'tuning', 'notify', 'posture', 'telemetry', 'lib'],
  config: ['sources', 'notify', 'tuning', 'sigma', 'ir', 'events', 'lib'],
  cli: ['app', 'config', 'report', 'sigma', 'targets', 'simulate', 'telemetry', 'lib'],
};

const forbidden = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: '\\.test(-support)?\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test(-support)?\\.ts$' },
      to: { path: '(\\.test(-support)?\\.ts$|^test/)' },
    },
    {
      name: 'declared-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test(-support)?\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    ...forbidden,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
