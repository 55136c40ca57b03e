import { z } from 'zod';
import { Secret } from './secret.ts';

/** In the schema of a plug-in: what is written `env:NAME` or `file:PATH`. */
export const secret = () => z.instanceof(Secret);
