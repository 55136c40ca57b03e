import type { Correlation, Detection } from '../ir/ir.ts';
import { formatDiagnostic } from './diagnostic.ts';
import { type LoadOptions, loadRules } from './load.ts';

/** A rule around the lines of one selection. */
export function rule(selection: string, condition = 'selection'): string {
  return `title: T
logsource: {product: azure, service: cosmosdb}
detection:
  selection:
${indent(selection, 4)}
  condition: ${condition}
`;
}

export function indent(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
}

/** The only rule of a text that must be valid. */
export function only(text: string, options: LoadOptions = {}): Detection {
  const { rules, diagnostics } = loadRules([{ file: 'rule.yml', text }], options);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((error) => formatDiagnostic(error, text)).join('\n'));
  return rules[0] as Detection;
}

/** The correlation of a text that holds one. */
export function correlationOf(text: string, options: LoadOptions = {}): Correlation {
  const { rules, diagnostics } = loadRules([{ file: 'rule.yml', text }], options);
  const found = rules.find((candidate) => candidate.kind === 'correlation');
  if (!found) throw new Error(diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text)).join('\n'));
  return found;
}

/** `CW-nnnn line:column` of every error, in order. */
export function errorsOf(text: string, options: LoadOptions = {}): string[] {
  return loadRules([{ file: 'rule.yml', text }], options)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, line, column }) => `${code} ${line}:${column}`);
}

export function warningsOf(text: string, options: LoadOptions = {}): string[] {
  return loadRules([{ file: 'rule.yml', text }], options)
    .diagnostics.filter(({ severity }) => severity === 'warning')
    .map(({ code }) => code);
}
