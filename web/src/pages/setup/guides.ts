/** How logs get here, to copy. What has to be filled in stands in single quotes. */

export type Guide = 'push' | 'hubs' | 'blob';

interface GuideText {
  readonly word: string;
  readonly title: string;
  readonly about: string;
  readonly command: string;
}

export const GUIDES: Readonly<Record<Guide, GuideText>> = {
  push: {
    word: 'Push over HTTP',
    title: 'From a forwarder that you run, or a file to begin with.',
    about: 'The token is in the file token of the data folder.',
    command: `curl ${location.origin}/api/v1/logs \\
  -H "Authorization: Bearer $(cat 'cosmowatch-data/token')" \\
  --data-binary @'PT1H.json'`,
  },
  hubs: {
    word: 'Event Hubs',
    title: 'Seconds to minutes. Best for watching live.',
    about: 'Needs the role Azure Event Hubs Data Receiver.',
    command: `sources:
  - name: hub
    type: event_hubs
    namespace: 'contoso-logs.servicebus.windows.net'
    hub: 'insights-logs'`,
  },
  blob: {
    word: 'Blob Storage',
    title: 'About an hour late. Cheapest.',
    about: 'Needs the role Storage Blob Data Reader.',
    command: `sources:
  - name: storage
    type: blob
    account: 'contosologs'`,
  },
};
