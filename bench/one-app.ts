/** A description of one app. */
export const oneApp = `import { defineCluster, iscsi, sonarr } from 'lunward';

export default defineCluster({
  context: 'home',
  namespace: 'media',
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },
  apps: {
    sonarr: sonarr({
      image: 'lscr.io/linuxserver/sonarr:4.0.15',
      config: iscsi({
        name: 'sonarr-config',
        targetPortal: '192.0.2.200:3260',
        iqn: 'iqn.2000-01.com.example:sonarr',
        lun: 1,
        size: '10Gi',
      }),
      ingress: { hosts: ['sonarr.example.com'] },
    }),
  },
});
`;
