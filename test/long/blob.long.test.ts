import { afterAll, beforeAll } from 'vitest';
import { Secret } from '../../src/lib/secret.ts';
import { Archive, recordOf } from '../../src/sources/blob.test-support.ts';
import { conformance } from '../../src/sources/conformance.test-support.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

function faulty(fault: Archive['proxy']['fault']) {
  return {
    async begin({ proxy }: Archive) {
      proxy.fault = fault;
      return async () => {
        proxy.fault = null;
      };
    },
  };
}

conformance<Archive>('blob', {
  start: () => Archive.start(azurite),
  isTrueTime: true,
  inFlight: { bytes: 5 << 20, records: 170, size: 64 << 10 },
  passing: {
    'connections that are dropped': faulty('reset'),
    'answers that end in the middle': faulty('hang up in the middle'),
    'a busy service': faulty({ status: 503, headers: { 'x-ms-error-code': 'ServerBusy', 'retry-after': '1' } }),
  },
  permanent: {
    'a wrong key': async (archive) => {
      await archive.append(recordOf('x'));
      const key = Buffer.alloc(64, 7).toString('base64');
      return archive.source({ connection_string: archive.connectionString(key) });
    },
    'a SAS that ended': async (archive) =>
      archive.source({ sas_url: new Secret(`${archive.url}?${archive.sas}`, 'env:SAS') }),
    'a text that is no connection string': async (archive) =>
      archive.source({ connection_string: new Secret(archive.canaries[0]!, 'env:STORAGE') }),
  },
});
