import { it } from 'vitest';
import { productEqualsNaive } from './naive.ts';

it('the product raises what two naive evaluators raise (share 2 of 2)', () => productEqualsNaive(2, 2));
