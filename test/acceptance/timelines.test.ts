import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN, isTimeline, listRuleFiles, rulesFor } from '../../src/app/rules.ts';
import { runCase } from '../../src/app/runTimeline.ts';
import { readTimeline } from '../../src/app/timeline.ts';

const rules = rulesFor([], [], new Map());

for (const path of listRuleFiles([BUILT_IN]).filter((file) => isTimeline(file) && !file.endsWith('records.test.yml'))) {
  const timeline = readTimeline(readFileSync(path, 'utf8'), (name) => readFileSync(join(dirname(path), name), 'utf8'));
  if (!('cases' in timeline)) {
    it(path, () => expect(timeline).toEqual([]));
    continue;
  }
  describe(timeline.rule, () => {
    it.each(timeline.cases)('$name', (one) => {
      expect(runCase(timeline, one, rules)).toEqual([]);
    });
  });
}
