import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineCluster, inlineNfs, iscsi, liveCluster, sonarr, synthesizePart, toYaml } from 'lunward';
import { names } from './documents';

const output = process.argv[2] as string;
const media = inlineNfs({ server: '192.0.2.200', path: '/volume1/media' });
const app = (name: string) =>
  sonarr({
    image: 'lscr.io/linuxserver/sonarr:4.0.15',
    config: iscsi({
      name: `${name}-config`,
      targetPortal: '192.0.2.200:3260',
      iqn: `iqn.2000-01.com.example:${name}`,
      lun: 1,
      size: '10Gi',
    }),
    mounts: { '/media': media },
    ingress: { hosts: [`${name}.example.com`] },
  });

const cluster = defineCluster({
  namespace: { name: 'media', existing: true },
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },
  apps: Object.fromEntries(names.map((name) => [name, app(name)])),
});
mkdirSync(output, { recursive: true });
// As `lunward synth` does it.
const live = liveCluster(cluster);
const texts = Object.keys(live.apps).map((name) => [name, toYaml(synthesizePart(live, name))] as const);
for (const [name, text] of texts) {
  writeFileSync(path.join(output, `${name}.k8s.yaml`), text);
}
