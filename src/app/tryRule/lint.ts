import type { LintAnswer } from '../../api/contract.ts';
import { sortDiagnostics } from '../../sigma/diagnostic.ts';
import { lintRules } from '../../sigma/lint.ts';
import { knownFields } from '../ruleCommands.ts';
import { type Draft, ownRules, place, type Surroundings } from './draft.ts';

/** What is wrong with a text of rules, and what others would write otherwise. */
export function lintDraft(draft: Draft, surroundings: Surroundings): LintAnswer {
  const placed = place(draft, surroundings);
  const { own, diagnostics } = ownRules(placed, placed.after, { placeholders: surroundings.lists });
  const style = lintRules(placed.after, { fields: knownFields() }).filter(({ file }) => file === placed.file);
  return {
    rules: own.map(({ meta }) => meta.name),
    diagnostics: sortDiagnostics([...diagnostics, ...style], []).map(({ file: _, ...one }) => one),
  };
}
