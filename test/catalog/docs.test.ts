import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../lib/catalog';
import type { AppFacts } from '../../lib/workload/facts';
import { containerPorts } from '../../lib/workload/manifests/ports';

const text = readFileSync(path.join(__dirname, '../../docs/apps.md'), 'utf8');

describe('docs/apps.md', () => {
  it('has a row for every app that equals the catalog', () => {
    const rows = tableBelow('| app | in TypeScript |');
    expect(rows.map((row) => `| ${row.join(' | ')} |`)).toEqual(Object.values(catalog).map(({ facts }) => row(facts)));
  });

  it('names images for every app, and for no others', () => {
    const named = tableBelow('| family | apps |').flatMap(([, apps = '']) =>
      apps.replace(/ \([^)]*\)/g, '').split(', '),
    );
    expect([...new Set(named)].sort()).toEqual(Object.keys(catalog));
  });

  it('describes image families only for apps that distinguish them', () => {
    for (const { facts } of Object.values(catalog)) {
      const families = facts.databases.map((database) => database.imageFamily).filter((family) => family !== undefined);
      const rows = tableBelow('| family | apps |');
      for (const family of families) {
        const [, apps] = rows.find(([name = '']) => name.toLowerCase().startsWith(family)) ?? [];
        expect(apps?.split(', '), `${facts.name} of ${family}`).toContain(facts.name);
      }
    }
  });

  it('gives a reason for each app that is left out', () => {
    for (const name of ['lidarr', 'readarr', 'emby']) expect(text).toContain(`- **${name}**:`);
  });
});

function tableBelow(header: string): string[][] {
  const lines = text.slice(text.indexOf(header)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) => line.replace(/^\| | \|$/g, '').split(' | '));
}

function row(facts: AppFacts): string {
  const variable = facts.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const ports = containerPorts(facts.ports).map((port) => port.containerPort + (port.protocol === 'TCP' ? '' : '/UDP'));
  const health = 'path' in facts.health ? facts.health.path : '';
  const databases = facts.databases.map((one) => code(one.path) + (one.imageFamily ? ` (${one.imageFamily})` : ''));
  const cells = [
    facts.name,
    code(variable),
    ports.join(', '),
    code(health),
    [facts.configPath, ...(facts.statePaths ?? [])].map(code).join(', '),
    databases.join(', '),
    `${facts.stop.signal}, ${facts.stop.gracePeriodSeconds} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function code(value: string): string {
  return `\`${value}\``;
}
