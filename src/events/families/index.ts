import { activityLog } from './activityLog.ts';
import { controlPlane } from './controlPlane.ts';
import { dataPlane } from './dataPlane.ts';
import type { LogFamily } from './family.ts';
import { keyVault } from './keyVault.ts';
import { mongo } from './mongo.ts';

/** Every kind of log, in the order in which a record is offered to them: most frequent first. */
export const FAMILIES: readonly LogFamily[] = [dataPlane, mongo, activityLog, controlPlane, keyVault];
