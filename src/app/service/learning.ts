import type { AlertNews } from '../../alerts/stored.ts';
import type { ApiPorts } from '../../api/ports.ts';
import type { Config } from '../../config/config.ts';
import type { TuningSettings } from '../live/tuning.ts';
import { readNetworks } from '../networks.ts';
import { memoryPort, type RoutinesDeps, routinesPort } from './routinesPort.ts';
import type { NamedSource } from './sourceRunner.ts';

/** What routine and memory need of a configuration. @throws UserError CW-8141 */
export function learningOf({ routine, memory }: Config, sources: readonly NamedSource[]): TuningSettings {
  const trusted = new Set(sources.flatMap(({ name, source }) => (source.isAnonymous === true ? [] : [name])));
  return {
    openFor: routine.openFor,
    isTrusted: (source) => trusted.has(source),
    networkOf: memory.asn === null ? () => null : readNetworks(memory.asn),
  };
}

/** @param write in a transaction of its own, with its news: what is forgotten is none */
export function learningPorts(
  deps: Omit<RoutinesDeps, 'write'>,
  write: (run: () => readonly AlertNews[]) => unknown,
): Pick<ApiPorts, 'routines' | 'memory'> {
  const change = (run: () => void): void => {
    write(() => {
      run();
      return [];
    });
  };
  return { routines: routinesPort({ ...deps, write: change }), memory: memoryPort({ ...deps, write: change }) };
}
