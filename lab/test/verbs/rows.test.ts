import { expect, test } from 'vitest';
import { describeRows } from '../../verbs/rows';

const row = (app: string, instance: string, number: number, seconds: number) => ({
  app,
  instance,
  row: number,
  database: '/config/a.db',
  milliseconds: Date.UTC(2026, 2, 1, 12, 0, seconds),
});
const rows = [row('sonarr', 'x', 1, 0), row('radarr', 'z', 1, 1), row('sonarr', 'x', 2, 2), row('sonarr', 'y', 1, 3)];

test('each database has a line with its rows, the highest one and when the last came', () => {
  expect(describeRows(rows).split('\n')).toEqual([
    'APP     DATABASE      INSTANCE  ROWS  HIGHEST  LAST',
    'sonarr  /config/a.db  x         2     2        2026-03-01T12:00:02',
    'radarr  /config/a.db  z         1     1        2026-03-01T12:00:01',
    'sonarr  /config/a.db  y         1     1        2026-03-01T12:00:03',
  ]);
});

test('one app has its own lines alone', () => {
  expect(describeRows(rows, 'radarr').split('\n')).toHaveLength(2);
});

test('where nothing was committed, that is said', () => {
  expect(describeRows([])).toBe('No app has committed a row.');
  expect(describeRows(rows, 'lidarr')).toBe('lidarr has committed no row.');
});
