import { keyParts } from './arm.ts';
import { inner } from './normalise.ts';
import type { Action, Effect, Exposure, Json, Raw } from './types.ts';

/** Values of an account's settings by path below `properties`. A missing one is not known. */
export type State = { readonly [property: string]: Json };

/** The settings that a request body names. */
export function settingsOfBody(body: Raw | null): State {
  const properties = inner(body ?? {}, 'properties');
  const backup = inner(properties, 'backupPolicy');
  const periodic = inner(backup, 'periodicModeProperties');
  const rules = inner(properties, 'ipRules') as readonly Raw[] | undefined;
  const networks = inner(properties, 'virtualNetworkRules') as readonly Raw[] | undefined;
  return known({
    ipRules: rules && sorted(rules.map((rule) => String(rule['ipAddressOrRange']))),
    virtualNetworkRules: networks && sorted(networks.map((rule) => String(rule['id']))),
    isVirtualNetworkFilterEnabled: inner(properties, 'isVirtualNetworkFilterEnabled'),
    publicNetworkAccess: inner(properties, 'publicNetworkAccess'),
    networkAclBypass: inner(properties, 'networkAclBypass'),
    minimalTlsVersion: inner(properties, 'minimalTlsVersion'),
    disableKeyBasedMetadataWriteAccess: inner(properties, 'disableKeyBasedMetadataWriteAccess'),
    keyVaultKeyUri: inner(properties, 'keyVaultKeyUri'),
    'backupPolicy.type': inner(backup, 'type'),
    'backupPolicy.periodicModeProperties.backupIntervalInMinutes': inner(periodic, 'backupIntervalInMinutes'),
    'backupPolicy.periodicModeProperties.backupRetentionIntervalInHours': inner(
      periodic,
      'backupRetentionIntervalInHours',
    ),
    'backupPolicy.periodicModeProperties.backupStorageRedundancy': inner(periodic, 'backupStorageRedundancy'),
    'backupPolicy.continuousModeProperties.tier': inner(inner(backup, 'continuousModeProperties'), 'tier'),
  });
}

/** The settings that an AccountUpdate record repeats. */
export function settingsOfColumns(columns: Raw): State {
  const text = (name: string) => (columns[name] === undefined ? undefined : String(columns[name]));
  const ranges = text('iprangefilter');
  const filter = text('enablevirtualnetworkfilter');
  const number = (name: string) => (text(name) === undefined ? undefined : Number(text(name)));
  return known({
    ipRules: ranges === undefined ? undefined : sorted(ranges.split(',').filter((range) => range !== '')),
    isVirtualNetworkFilterEnabled: filter === undefined ? undefined : filter.toLowerCase() === 'true',
    'backupPolicy.periodicModeProperties.backupIntervalInMinutes': number('backupintervalinminutes'),
    'backupPolicy.periodicModeProperties.backupRetentionIntervalInHours': number('backupretentionintervalinhours'),
    'backupPolicy.periodicModeProperties.backupStorageRedundancy': text('backupstorageredundancy'),
  });
}

function known(values: { readonly [property: string]: Json | undefined }): State {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as State;
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => value.toLowerCase()))].sort();
}

/** The method says it; where no record has one, a body without the offer type is a PATCH. */
export function isPatch(action: Action): boolean {
  if (action.method === 'PATCH') return true;
  if (action.method === 'PUT' || action.body === null) return false;
  return inner(inner(action.body, 'properties'), 'databaseAccountOfferType') === undefined;
}

/** As they compare: key URIs without version, casing and closing slash. */
export function isEqual(property: string, a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(comparable(property, a)) === JSON.stringify(comparable(property, b));
}

function comparable(property: string, value: Json | undefined): Json | undefined {
  if (property === 'keyVaultKeyUri' && typeof value === 'string') {
    const { vault, name } = keyParts(value);
    return `${vault}/${name}`;
  }
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** From weak to strong. */
const LADDERS: { readonly [property: string]: readonly Json[] } = {
  isVirtualNetworkFilterEnabled: [false, true],
  publicNetworkAccess: ['enabled', 'securedbyperimeter', 'disabled'],
  networkAclBypass: ['azureservices', 'none'],
  minimalTlsVersion: ['tls', 'tls11', 'tls12'],
  disableKeyBasedMetadataWriteAccess: [false, true],
  'backupPolicy.type': ['periodic', 'continuous'],
  'backupPolicy.periodicModeProperties.backupStorageRedundancy': ['local', 'zone', 'geo'],
  'backupPolicy.continuousModeProperties.tier': ['continuous7days', 'continuous30days'],
};

/** Which way a setting went, all others as they stand afterwards. */
export function effectOf(property: string, was: Json, after: State): Effect {
  const is = after[property]!;
  if (property === 'ipRules') return ofSets(rangesOf({ ...after, ipRules: was }), rangesOf(after));
  if (property === 'virtualNetworkRules') return ofSets(was as string[], is as string[]);
  if (property.endsWith('InMinutes')) return Number(is) > Number(was) ? 'weakened' : 'strengthened';
  if (property.endsWith('InHours')) return Number(is) < Number(was) ? 'weakened' : 'strengthened';
  const ladder = LADDERS[property];
  if (ladder === undefined) return 'neutral';
  const step = ladder.indexOf(comparable(property, is)!) - ladder.indexOf(comparable(property, was)!);
  return step < 0 ? 'weakened' : step > 0 ? 'strengthened' : 'neutral';
}

/** Ranges replaced by others = weakened: only a set that the other covers is stricter. */
function ofSets(before: readonly string[], after: readonly string[]): Effect {
  const within = (some: readonly string[], others: readonly string[]) =>
    some.every((one) => others.some((other) => isWithin(one, other)));
  if (!within(after, before)) return 'weakened';
  return within(before, after) ? 'neutral' : 'strengthened';
}

const ANY = '0.0.0.0/0';

/** Who may come in: an empty list lets everybody in, unless something else keeps them out. */
function rangesOf(state: State): readonly string[] {
  const ranges = state['ipRules'] as readonly string[];
  if (ranges.length > 0) return ranges;
  return isShut(state) || state['isVirtualNetworkFilterEnabled'] === true ? [] : [ANY];
}

/** 0.0.0.0 alone means all of Azure, which only itself and the whole world cover. */
function isWithin(one: string, other: string): boolean {
  if (one === other || other === ANY) return true;
  if (one === '0.0.0.0' || other === '0.0.0.0' || !/^[\d.]+(\/\d+)?$/.test(one)) return false;
  const [a, b] = [interval(one), interval(other)];
  return a.from >= b.from && a.to <= b.to;
}

function interval(range: string): { readonly from: number; readonly to: number } {
  const [address = '', bits = '32'] = range.split('/');
  const from = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { from, to: from + 2 ** (32 - Number(bits)) - 1 };
}

function isShut(state: State): boolean {
  const access = comparable('publicNetworkAccess', state['publicNetworkAccess']);
  return access === 'disabled' || access === 'securedbyperimeter';
}

/** Who may reach the account; null if that is not known. An unknown public access counts as enabled. */
export function exposureOf(state: State): Exposure | null {
  if (isShut(state)) return 'none';
  const ranges = state['ipRules'] as readonly string[] | undefined;
  if (ranges === undefined) return null;
  if (ranges.includes(ANY)) return 'internet';
  if (ranges.includes('0.0.0.0')) return 'azure';
  if (ranges.length > 0) return 'ranges';
  const filter = state['isVirtualNetworkFilterEnabled'];
  if (filter === undefined) return null;
  if (!filter) return 'internet';
  return (state['virtualNetworkRules'] as readonly string[] | undefined)?.length ? 'ranges' : 'none';
}
