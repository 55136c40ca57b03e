import type { LogsPort } from '../../api/ports.ts';
import type { Committer } from './committer.ts';
import type { SourceRunner } from './sourceRunner.ts';

/** Push sources, as the server reaches them. */
export function logsPort(runner: SourceRunner, committer: Pick<Committer<never>, 'admit'>): LogsPort {
  return {
    sourceAt(method, path, source) {
      const there = runner.answering(method, path);
      if (source !== null) return there.includes(source) ? source : null;
      return there.length === 1 ? there[0]! : null;
    },
    admit: (_source, bytes) => committer.admit(bytes),
    push(source, method, path, request) {
      const answer = runner.answer(source, method, path, request);
      if (answer === null) return Promise.resolve({ status: 404, body: { message: `no source answers ${path}` } });
      return answer;
    },
  };
}
