import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../lib/catalog';
import * as entries from '../../lib/catalog/entries';
import { containerPorts } from '../../lib/workload/manifests/ports';
import { logLines } from './log-lines';

const helpers = ['define-app', 'entries', 'index', 'storage-trouble'];
const files = readdirSync(path.join(__dirname, '../../lib/catalog')).map((file) => path.basename(file, '.ts'));

describe('catalog', () => {
  it('has every app file, sorted', () => {
    expect(Object.keys(catalog)).toEqual(files.filter((file) => !helpers.includes(file)).sort());
  });

  it('leaves out unconfirmed facts', () => {
    for (const name of ['lidarr', 'readarr', 'emby']) expect(catalog).not.toHaveProperty(name);
  });
});

describe.each(Object.entries(catalog))('%s', (name, app) => {
  const { facts } = app;

  it('is named after its file and exported in camel case', () => {
    expect(facts.name).toBe(name);
    expect(name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(entries).toHaveProperty(
      name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      app,
    );
  });

  it('makes an app from props, which override the catalog', () => {
    const image = 'registry.example.com/app:1.2.3';
    const props = { image, config: { kind: 'emptyDir' } as never, health: { tcpPort: 'http' } };
    expect(app(props)).toEqual({ ...props, facts });
  });

  it('has valid ports, each once, the web page first and on TCP', () => {
    const ports = containerPorts(facts.ports);
    expect(ports[0]).toMatchObject({ name: 'http', protocol: 'TCP' });
    for (const port of ports) {
      expect(port.name).toMatch(/^(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/);
      expect(port.containerPort).toBeGreaterThan(0);
      expect(port.containerPort).toBeLessThan(65536);
    }
    const sockets = ports.map((port) => `${port.containerPort}/${port.protocol}`);
    expect(new Set(sockets).size).toBe(sockets.length);
    expect(new Set(ports.map((port) => port.name)).size).toBe(ports.length);
  });

  it('has a health path that needs no credentials', () => {
    expect(facts.health).toHaveProperty('path', expect.stringMatching(/^\/[^\s#]*$/));
    expect(JSON.stringify(facts.health)).not.toMatch(/key|token|auth|user|pass|@/i);
  });

  it('keeps its state in absolute directories that do not overlap', () => {
    const paths = [facts.configPath, ...(facts.statePaths ?? [])];
    for (const one of paths) {
      expect(path.posix.normalize(one)).toBe(one);
      expect(one).toMatch(/^\/.*[^/]$/);
      expect(paths.filter((other) => `${other}/`.startsWith(`${one}/`))).toEqual([one]);
    }
  });

  it('names databases relative to the config directory', () => {
    expect(facts.databases).not.toHaveLength(0);
    for (const database of facts.databases) {
      expect(path.posix.isAbsolute(database.path)).toBe(false);
      expect(path.posix.normalize(database.path)).toBe(database.path);
      expect(database.path.split('/')).not.toContain('..');
    }
    const keys = facts.databases.map((database) => `${database.imageFamily ?? ''} ${database.path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gets the default time to stop of Kubernetes, or more', () => {
    expect(Number.isInteger(facts.stop.gracePeriodSeconds)).toBe(true);
    expect(facts.stop.gracePeriodSeconds).toBeGreaterThanOrEqual(30);
  });

  it('distinguishes storage trouble from ordinary lines', () => {
    const { trouble, ordinary } = logLines[name] ?? { trouble: [], ordinary: [] };
    expect(trouble).not.toHaveLength(0);
    expect(ordinary).not.toHaveLength(0);
    const matching = (line: string) => facts.storageTrouble.filter((pattern) => pattern.test(line));
    for (const line of trouble) expect(matching(line), line).not.toHaveLength(0);
    for (const line of ordinary) expect(matching(line), line).toEqual([]);
  });

  it('has stateless patterns, so the same line always gives the same result', () => {
    for (const pattern of facts.storageTrouble) expect(pattern.flags).not.toMatch(/[gy]/);
  });

  it('cannot be changed globally by a program', () => {
    expect(Object.isFrozen(facts)).toBe(true);
    for (const value of Object.values(facts)) expect(Object.isFrozen(value)).toBe(true);
    for (const database of facts.databases) expect(Object.isFrozen(database)).toBe(true);
  });
});

it('finds every app-specific line by a pattern of the app itself', () => {
  for (const { facts } of Object.values(catalog)) {
    for (const pattern of facts.storageTrouble.filter((one) => !one.ignoreCase)) {
      const lines = logLines[facts.name]?.trouble ?? [];
      const family = ['sonarr', 'radarr', 'prowlarr'].flatMap((name) => logLines[name]?.trouble ?? []);
      expect(
        [...lines, ...family].some((line) => pattern.test(line)),
        `${facts.name}: ${pattern}`,
      ).toBe(true);
    }
  }
});
