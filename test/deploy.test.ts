import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { KINDS } from '../src/app/configFile.ts';
import { run } from '../src/cli/cli.test-support.ts';
import { loadConfig } from '../src/config/load.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHART = join(ROOT, 'deploy/helm/cosmowatch');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** What `cosmowatch serve` takes, of which a deployment may make use. */
const OPTIONS = ['--config', '--data', '--listen', '--rules'];

/** Words behind `serve`, and what is wrong with them. */
function mistakesOf(words: readonly string[]): string[] {
  const [verb, ...rest] = words;
  const options = rest.filter((_, at) => at % 2 === 0);
  const values = rest.filter((_, at) => at % 2 === 1);
  return [
    ...(verb === 'serve' ? [] : [`${verb} is not serve`]),
    ...options.filter((word) => !OPTIONS.includes(word)),
    ...values.filter((word) => word.startsWith('--')),
    ...(options.length === values.length ? [] : ['an option has no value']),
  ];
}

it('serve has these options', async () => {
  const { out } = await run(['serve', '--help']);
  expect(OPTIONS.filter((option) => !new RegExp(`^ +${option} `, 'm').test(out))).toEqual([]);
});

describe('the unit of systemd', () => {
  const text = read('deploy/systemd/cosmowatch.service');
  const settings = text
    .split('\n')
    .filter((line) => line !== '' && !/^[#[]/.test(line))
    .map((line) => /^(\w+)=(.*)$/.exec(line));
  const settingOf = (name: string): string[] => settings.flatMap((found) => (found?.[1] === name ? [found[2]!] : []));

  it('has sections and settings only', () => {
    expect(settings).not.toContain(null);
    expect(text.match(/^\[.*\]$/gm)).toEqual(['[Unit]', '[Service]', '[Install]']);
  });

  it('runs what there is', () => {
    const [start = ''] = settingOf('ExecStart');
    const [program, ...words] = start.split(' ');
    expect([program, mistakesOf(words)]).toEqual(['/usr/local/bin/cosmowatch', []]);
    expect(words).toContain('/var/lib/cosmowatch');
  });

  it.each([
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    ['DynamicUser', 'yes'],
    ['StateDirectory', 'cosmowatch'],
    ['KillSignal', 'SIGTERM'],
    ['RestartPreventExitStatus', '2'],
    ['CapabilityBoundingSet', ''],
  ])('%s=%s', (name, value) => expect(settingOf(name)).toEqual([value]));
});

describe('the Dockerfile', () => {
  const text = read('deploy/docker/Dockerfile').replace(/\\\n\s*/g, '');
  const lines = text.split('\n');
  const last = (word: string): string =>
    lines.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '';

  it('runs what there is, as nobody special', () => {
    expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', '/app/bin/cosmowatch.js']);
    expect(mistakesOf(JSON.parse(last('CMD')) as string[])).toEqual([]);
    expect([last('USER'), last('FROM')]).toEqual(['node', 'node:24-slim']);
  });

  it('asks how it is by a script that runs', () => {
    const [, words] = /^.*CMD (\[.*\])$/.exec(last('HEALTHCHECK')) ?? [];
    const [program, flag, script] = JSON.parse(words!) as string[];
    expect([program, flag]).toEqual(['node', '-e']);
    expect(() => new Function(script!)).not.toThrow();
  });

  it('copies what is there, and what the package ships', () => {
    const copied = lines.flatMap((line) => {
      const words = /^COPY (?!--from)(.*) \S+$/.exec(line)?.[1]?.split(' ') ?? [];
      return words;
    });
    expect(copied.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(copied.filter((name) => !allowed.includes(name.replace(/^\.\//, '')))).toEqual([]);
    expect(copied).toEqual(expect.arrayContaining(['bin', 'rules', 'schemas']));
  });
});

describe('the Helm chart', () => {
  const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Record<string, unknown>;
  const templates = readdirSync(join(CHART, 'templates')).map((name) =>
    readFileSync(join(CHART, 'templates', name), 'utf8'),
  );
  const stateful = readFileSync(join(CHART, 'templates/statefulset.yaml'), 'utf8');

  it('says its version', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'))).toMatchObject({
      name: 'cosmowatch',
      appVersion: version,
    });
  });

  it('asks for values that there are', () => {
    const asked = new Set(
      templates.flatMap((text) => [...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, name]) => name!)),
    );
    const at = (name: string): unknown =>
      name.split('.').reduce<unknown>((from, key) => (from as Record<string, unknown> | undefined)?.[key], values);
    expect([...asked].filter((name) => at(name) === undefined)).toEqual([]);
    expect(Object.keys(values).filter((key) => ![...asked].some((name) => name.split('.')[0] === key))).toEqual([]);
  });

  it('runs what there is', () => {
    const [, args = ''] = /^ {10}args:\n((?: {12}.*\n)+)/m.exec(stateful) ?? [];
    const words = [...args.matchAll(/^ +- (\S+)$/gm)].map(([, word]) => word!);
    expect(mistakesOf(words)).toEqual([]);
    expect(words).toEqual(expect.arrayContaining(OPTIONS));
  });

  it('has a configuration that is one', () => {
    const io = {
      env: () => undefined,
      resolve: (path: string) => path,
      readSecret: () => ({ kind: 'failed', why: '' }) as const,
      now: () => 0,
    };
    const { diagnostics } = loadConfig({ name: 'values.yaml', text: values['config'] as string }, KINDS, io);
    const isThere = KINDS.sources.some(({ type }) => type === 'http');
    expect(diagnostics.map(({ code }) => code)).toEqual(isThere ? [] : ['CW-8007']);
  });

  const helm = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'helm'))
    .find(existsSync);
  it.runIf(helm !== undefined)('is what Kubernetes takes', () => {
    const set = [
      'networkPolicy.enabled=true',
      'envSecret=e',
      'fileSecret=f',
      'rulesConfigMap=r',
      'persistence.storageClass=s',
    ];
    const made = execFileSync(helm!, ['template', 'watch', CHART, '--kube-version', '1.31.0', '--set', set.join(',')], {
      encoding: 'utf8',
    });
    const kinds = parseAllDocuments(made).map((document) => (document.toJS() as { kind: string }).kind);
    expect(kinds.sort()).toEqual(['ConfigMap', 'NetworkPolicy', 'Service', 'ServiceAccount', 'StatefulSet']);
  });
});
