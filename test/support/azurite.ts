import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The blob service of Azurite on a port of its own, with an account whose key nobody else has. */
export interface Azurite {
  readonly account: string;
  readonly key: string;
  /** `http://127.0.0.1:PORT/ACCOUNT` */
  readonly url: string;
  readonly connectionString: string;
  stop(): Promise<void>;
}

const MAIN = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');

/** Takes some seconds; everything that it keeps lies in a temporary folder, and goes with `stop`. */
export async function startAzurite(): Promise<Azurite> {
  const folder = mkdtempSync(join(tmpdir(), 'cw-azurite-'));
  const account = 'contosologs';
  const key = randomBytes(64).toString('base64');

  const options = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--location', folder, '--disableTelemetry'];
  const child = spawn(process.execPath, [MAIN, ...options, '--skipApiVersionCheck'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
  });
  const port = await portOf(child);
  const url = `http://127.0.0.1:${port}/${account}`;
  return {
    account,
    key,
    url,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${url};`,
    async stop() {
      await stopped(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: Buffer): void => {
      said += text;
      const found = /successfully listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}: ${said}`)));
  });
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const end = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return end;
}
