import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Behind, conformance } from './conformance.test-support.ts';
import type { Source } from './source.ts';
import { fileSource } from './tail.ts';

class Folder implements Behind {
  readonly path = mkdtempSync(join(tmpdir(), 'cw-tail-'));
  readonly logs = join(this.path, 'logs');
  readonly canaries = [];

  constructor() {
    mkdirSync(this.logs);
  }

  source(paths: readonly string[] = [this.logs]): Source {
    return fileSource({ paths, start: 'earliest', poll: 1000, settle: 60 });
  }

  async put(marks: readonly string[], size: number): Promise<void> {
    const lines = marks.map((mark) => `${JSON.stringify({ mark, pad: 'x'.repeat(size) })}\n`);
    appendFileSync(join(this.logs, 'app.log'), lines.join(''));
  }

  async stop(): Promise<void> {
    rmSync(this.path, { recursive: true });
  }
}

conformance<Folder>('file', {
  start: async () => new Folder(),
  isTrueTime: true,
  passing: {
    'a folder that is moved away': {
      async begin(folder) {
        const away = join(folder.path, 'away');
        renameSync(folder.logs, away);
        folder.put = async (marks, size) => {
          folder.put = Folder.prototype.put;
          const lines = marks.map((mark) => `${JSON.stringify({ mark, pad: 'x'.repeat(size) })}\n`);
          appendFileSync(join(away, 'app.log'), lines.join(''));
        };
        return async () => renameSync(away, folder.logs);
      },
    },
  },
  permanent: {
    'a pipe': async (folder) => {
      const pipe = join(folder.path, 'pipe');
      execFileSync('mkfifo', [pipe]);
      return folder.source([pipe]);
    },
  },
});

void writeFileSync;
