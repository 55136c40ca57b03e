import { namesOf, type Plan, WORKSPACE_PLACEHOLDER } from './plan.ts';

/** The configuration that goes with the plan. Secrets are named, never written. */
export function configText(plan: Plan): string {
  return `# Configuration of cosmowatch. Every key: docs/configuration.md
# Check it with: cosmowatch config check cosmowatch.yml

listen: 127.0.0.1:7070
data: cosmowatch-data

# Where people reach this service, for links in messages:
# external_url: https://cosmowatch.contoso.example

sources:
${[activityLog(plan), transport(plan)].filter(Boolean).join('\n')}
accounts:
  # An account whose logs fall silent is an alert, even if no record ever came.
${expected(plan)}
# Names, ids and addresses that rules ask for by %name% with |expand:
# lists:
#   admins: [ann@contoso.example]

# Rules of your own, and those that do not fit:
# rules:
#   folders: [rules]
#   disable:
#     - rule: cosmosdb_access_keys_viewed
#       reason: the release pipeline reads them hourly

# Who is told. Secrets are named, never written here: env:NAME or file:PATH
# receivers:
#   ops:
#     - type: slack
#       url: env:SLACK_URL
`;
}

function activityLog({ subscriptions, transport }: Plan): string {
  const why =
    transport === 'activity_log'
      ? [
          'The Activity Log, asked of Azure every minute. Nothing has to be set up but a',
          'role: azure/. The first start reads back 90 days.',
        ]
      : [
          'The Activity Log, asked of Azure: the first start reads back 90 days, so that',
          'changes are judged by what was before. Records that come twice count once.',
        ];
  return `${comment(why, 2)}
  activity_log:
    type: activity_log
    subscriptions:
${subscriptions.map((id) => `      - ${id}`).join('\n')}
`;
}

function transport(plan: Plan): string {
  const names = namesOf(plan);
  switch (plan.transport) {
    case 'activity_log':
      return '';
    case 'event_hubs':
      return `${comment(['Resource logs and the Activity Log, minutes after what they tell of.'], 2)}
  hub:
    type: event_hubs
${
  plan.auth === 'entra'
    ? `    # As an identity of Entra ID with the role Azure Event Hubs Data Receiver.
    namespace: ${names.namespace}.servicebus.windows.net
    hub: ${names.hub}`
    : `    # Of the rule ${names.readRule}, which may only listen.
    connection_string: env:COSMOWATCH_HUB`
}
    consumer_group: ${names.consumerGroup}
`;
    case 'blob':
      return `${comment(['Resource logs and the Activity Log, from the blobs of each hour while they grow.'], 2)}
  blobs:
    type: blob
    accounts:
${
  plan.auth === 'entra'
    ? `      # As an identity of Entra ID with the role Storage Blob Data Reader.
      - url: https://${names.storage}.blob.core.windows.net`
    : `      # An address with a SAS that may read and list, and nothing else.
      - sas_url: env:COSMOWATCH_SAS_URL`
}
`;
    case 'log_analytics':
      return `${comment(['Resource logs and the Activity Log, asked of a Log Analytics workspace.'], 2)}
  workspace:
    type: log_analytics
    # As an identity of Entra ID with the role Log Analytics Reader. The id that
    # azure/setup.sh prints, and the output workspaceId of the templates:
    workspaces:
      - ${WORKSPACE_PLACEHOLDER}
`;
  }
}

function comment(lines: readonly string[], indent: number): string {
  return lines.map((line) => `${' '.repeat(indent)}# ${line}`).join('\n');
}

function expected({ accounts, transport }: Plan): string {
  if (accounts === 'all' || transport === 'activity_log') return '  expect: []\n';
  return `  expect:\n${accounts.map((id) => `    - ${id}`).join('\n')}\n`;
}
