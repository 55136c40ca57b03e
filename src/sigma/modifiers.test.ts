import { describe, expect, it } from 'vitest';
import { errorsOf, rule } from './rules.test-support.ts';

/** What modifiers do stands in `test/sigma`; here is what they do not take. */
describe('modifiers', () => {
  it.each([
    ['unknown', 'f|contians: a', 'CW-3008 5:7'],
    ['empty name', 'f|: a', 'CW-3008 5:7'],
    ['re|base64offset', 'f|re|base64offset: a.*', 'CW-3009 5:24'],
    ['re twice', 'f|re|re: a', 'CW-3009 5:14'],
    ['gt of null', 'f|gt: null', 'CW-3009 5:11'],
    ['cidr of a number', 'f|cidr: 10', 'CW-3009 5:13'],
  ])('refuses: %s', (_, line, error) => {
    expect(errorsOf(rule(line))).toEqual([error]);
  });

  it('numbers beyond the limit are refused, not expanded', () => {
    const many = Array.from({ length: 20 }, () => '- "-a -b -c -d -e"').join('\n');
    expect(errorsOf(rule(`f|windash:\n  ${many.replaceAll('\n', '\n  ')}`))).toEqual(['CW-3004 22:9']);
    const selections = Array.from({ length: 600 }, (_, at) => `  s${at}: {f: 1}`).join('\n');
    const patterns = Array.from({ length: 100 }, () => '1 of s*').join(' or ');
    const text = `title: T\nlogsource: {product: azure}\ndetection:\n${selections}\n  condition: ${patterns}\n`;
    expect(errorsOf(text)).toContain('CW-3004 604:14');
  });
});
