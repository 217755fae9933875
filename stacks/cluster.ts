import { claim, defineCluster, inlineNfs, iscsi, jellyfin, nfs, prowlarr, radarr, sonarr } from 'lunward';

const nas = '192.0.2.200';

/** An app's settings: on a share at first, and on the LUN that `lunward migrate` moves them to. */
const settings = (app: string) => [
  nfs({ name: `${app}-config`, server: nas, path: `/volume2/kube-nfs/v/${app}-config`, size: '10Gi' }),
  // SQLite databases need a block device.
  iscsi({
    name: `${app}-config-2`,
    targetPortal: `${nas}:3260`,
    iqn: `iqn.2000-01.com.example:${app}`,
    lun: 1,
    size: '10Gi',
  }),
];

/** The library, as the NAS exports it. */
const media = inlineNfs({ server: nas, path: '/volume1/media' });

export default defineCluster({
  context: 'home',
  nodes: {
    'node-a': { ssh: 'admin@192.0.2.210' },
    'node-b': { ssh: 'admin@192.0.2.211' },
  },
  namespace: 'media',
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },

  apps: {
    jellyfin: jellyfin({
      image: 'lscr.io/linuxserver/jellyfin:10.11.5',
      config: settings('jellyfin'),
      mounts: {
        '/media': { volume: media, readOnly: true },
        '/cache': claim({ name: 'jellyfin-cache', storageClassName: 'local-path', size: '1Gi', disposable: true }),
      },
      ingress: { hosts: ['jellyfin.example.com'] },
    }),
    sonarr: sonarr({
      image: 'lscr.io/linuxserver/sonarr:4.0.15',
      config: settings('sonarr'),
      mounts: { '/media': media },
    }),
    radarr: radarr({
      image: 'lscr.io/linuxserver/radarr:5.27.5',
      config: settings('radarr'),
      mounts: { '/media': media },
    }),
    prowlarr: prowlarr({
      image: 'lscr.io/linuxserver/prowlarr:2.0.5',
      config: settings('prowlarr'),
    }),
  },
});
