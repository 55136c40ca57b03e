import type { Completion } from '@codemirror/autocomplete';

/** Keys of a rule, and the fields that rules ask for most; `rules lint` knows all of them. */
const KEYS = [
  'title',
  'id',
  'name',
  'status',
  'description',
  'level',
  'levels',
  'logsource',
  'detection',
  'condition',
  'correlation',
  'timespan',
  'group-by',
  'fold',
  'parameters',
  'falsepositives',
  'impact',
  'mitigation',
  'tags',
  'published_mapping',
];
const FIELDS = [
  'event.action',
  'event.family',
  'event.outcome',
  'actor.id',
  'actor.name',
  'actor.type',
  'actor.app_id',
  'source.ip',
  'user_agent.original',
  'cosmosdb.account',
  'cosmosdb.database',
  'cosmosdb.container',
  'cosmosdb.change.property',
  'cosmosdb.change.effect',
  'cosmosdb.change.exposure',
];

export const completions: readonly Completion[] = [
  ...KEYS.map((label) => ({ label, type: 'property' })),
  ...FIELDS.map((label) => ({ label, type: 'variable', detail: 'field' })),
];
