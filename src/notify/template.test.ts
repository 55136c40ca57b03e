import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate, parseTemplate } from './template.ts';

const VIEW = { a: { b: 'x"y\n{{ a.n }}', n: 3, list: ['one', null], none: null } };

describe('templates', () => {
  it.each([
    ['text within quotes', '{"v": "[{{ a.b }}]"}', { v: '[x"y\n{{ a.n }}]' }],
    ['a number within quotes', '{"v": "n={{a.n}}"}', { v: 'n=3' }],
    ['a number as it is', '{"v": {{ a.n }}}', { v: 3 }],
    ['text as it is', '{"v": {{ a.b }}}', { v: 'x"y\n{{ a.n }}' }],
    ['a list within quotes', '{"v": "{{ a.list }}"}', { v: '["one",null]' }],
    ['a list', '{"v": {{ a.list }}}', { v: ['one', null] }],
    ['an element', '["{{ a.list.0 }}"]', ['one']],
    ['null within quotes', '["{{ a.none }}"]', ['']],
    ['null', '[{{ a.none }}]', [null]],
    ['what is not there', '["{{ a.x.y }}", {{ a.x }}]', ['', null]],
    ['what every object inherits', '["{{ a.constructor.name }}{{ a.__proto__ }}"]', ['']],
    ['an escaped quote before', '["\\"{{ a.n }}"]', ['"3']],
  ])('%s', (_name, template, wanted) => {
    expect(JSON.parse(fillTemplate(parseTemplate(template, ['a']), VIEW))).toEqual(wanted);
  });

  it('is JSON with any value, and gives it back', () => {
    const template = parseTemplate('{"text": "{{ a }}", "value": {{ a }}}', ['a']);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const a = String.fromCharCode(...units);
        expect(JSON.parse(fillTemplate(template, { a }))).toEqual({ text: a, value: a });
      }),
    );
  });
});
