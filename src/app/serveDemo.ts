import { type Clock, chance, systemBytes } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { SILENT } from '../telemetry/log.ts';
import { withoutClientRules } from './clientRules.ts';
import { configAt } from './configFile.ts';
import { DEMO_SOURCE } from './demo.ts';
import { Service, type Setup } from './service/service.ts';

/** Where a service listens that nobody told otherwise. */
const PORT = 7070;

/** A service over the folder of a day that was played: at the usual port, or at any that is free. @throws UserError */
export async function serveDemo(folder: string, clock: Clock): Promise<Service> {
  const ports = { clock, log: SILENT, random: chance, entropy: systemBytes, env: {} };
  try {
    return await Service.start(setupOf(folder, PORT), ports);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'CW-6014') throw error;
    return await Service.start(setupOf(folder, 0), ports);
  }
}

function setupOf(folder: string, port: number): Setup {
  const { config, rules } = configAt(null, {}, () => {});
  const sources = config.sources.map((source) => ({ ...source, name: DEMO_SOURCE }));
  // What the day was judged by.
  const played = { ...rules, rules: withoutClientRules(rules.rules) };
  return {
    rules: played,
    isDemo: true,
    config: { ...config, data: folder, listen: { host: '127.0.0.1', port }, sources },
  };
}
