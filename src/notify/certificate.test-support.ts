import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for 127.0.0.1 and localhost that only itself vouches for; null: there is no openssl here. */
export function selfSigned(): Certificate | null {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-tls-'));
  try {
    const words =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext';
    const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
    execFileSync('openssl', [...words.split(' '), names], { cwd: folder, stdio: 'ignore' });
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { key: read('key.pem'), cert: read('cert.pem') };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
