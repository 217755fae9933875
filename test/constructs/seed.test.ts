import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Chart } from 'cdk8s';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { DynamicClaim, IscsiStaticVolume } from '../../lib/constructs';
import { claim, iscsi, kindOf, type PersistentVolume } from '../../lib/volumes';

/** A storage.yml that somebody wrote by hand and applied: its addresses replaced by neutral ones, nothing else. */
const written = parseAllDocuments(readFileSync(path.join(__dirname, '../fixtures/storage.yml'), 'utf8')).map(
  (document) => document.toJS(),
);

const labels = { 'app.kubernetes.io/name': 'jellyfin' };
const settings = {
  name: 'jellyfin-config',
  labels,
  size: '10Gi',
  targetPortal: '192.0.2.200:3260',
  iqn: 'iqn.2000-01.com.example:storage.default-target.0123456789a',
  lun: 1,
  fsType: 'ext4',
  readOnly: false,
  preBind: false,
} as const;
const cache = { name: 'jellyfin-volitile', labels, size: '1Gi', storageClassName: 'local-path' };

it('has three documents', () => expect(written.map(({ kind }) => kind)).toHaveLength(3));

it('equals what the constructs make in a user’s own chart', () => {
  const chart = new Chart(new App(), 'storage', { namespace: 'media' });
  new IscsiStaticVolume(chart, 'config', settings);
  new DynamicClaim(chart, 'cache', cache);
  expect(chart.toJson()).toStrictEqual(written);
});

it('equals what the plain functions make', () => {
  const manifests = [iscsi(settings), claim(cache)].flatMap((volume: PersistentVolume) => [
    kindOf(volume).persistentVolume(volume, 'media'),
    kindOf(volume).persistentVolumeClaim(volume, 'media'),
  ]);
  expect(manifests.filter(Boolean)).toStrictEqual(written);
});
