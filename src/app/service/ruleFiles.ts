import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { BUILT_IN, listRuleFiles, shownPath } from '../rules.ts';
import { caseLines } from '../timeline.ts';
import { timelineOf } from '../tryRule/timelines.ts';

interface TimelineFile {
  readonly file: string;
  readonly text: string;
}

/** The files of rules and their timelines, as they stood when the rules were read. */
export class RuleFiles {
  readonly #paths: ReadonlyMap<string, string>;
  readonly #cases = new Map<string, number | null>();

  /** @param folders of the configuration */
  constructor(folders: readonly string[]) {
    const paths = listRuleFiles([BUILT_IN, ...folders]);
    this.#paths = new Map(paths.map((path) => [shownPath(path), path]));
  }

  /** Empty: the file is gone. @param file as people know it */
  text(file: string): string {
    const path = this.#paths.get(file);
    return path === undefined ? '' : (readOrNull(path) ?? '');
  }

  /** Null: it has none. */
  timeline(file: string): TimelineFile | null {
    const path = this.#paths.get(file);
    const own = path === undefined ? null : timelineOf(path);
    const text = own === null ? null : readOrNull(own);
    return own === null || text === null ? null : { file: basename(own), text };
  }

  /** How many cases its timeline has; null: it has no timeline. */
  cases(file: string): number | null {
    if (!this.#cases.has(file)) {
      const timeline = this.timeline(file);
      this.#cases.set(file, timeline === null ? null : caseLines(timeline.text).length);
    }
    return this.#cases.get(file) ?? null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
