import { expect, it } from 'vitest';
import { NAMES, printed } from '../support/hostile.ts';

it.each(NAMES)('nothing harmful is printed, whatever stands in %s', (name) => {
  expect(printed(name).harmful).toEqual([]);
});
