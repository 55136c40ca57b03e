import { it } from 'vitest';
import { productEqualsNaive } from './naive.ts';

it('the product raises what two naive evaluators raise (share 1 of 2)', () => productEqualsNaive(1, 2));
