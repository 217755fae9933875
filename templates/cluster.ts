import { defineCluster, inlineNfs, iscsi, jellyfin } from 'lunward';

// Your media cluster. Every value below is an example: put your own in its place, then run `npm run check`.
// The address of your NAS. iSCSI wants a number here, not a name: a node finds the disk by it.
const nas = '192.0.2.200';

export default defineCluster({
  // The context of your kubeconfig (`kubectl config get-contexts`). Without this line it is the current one.
  context: 'home',
  // The namespace of the apps. Write { name: 'media', existing: true } if it is there already.
  namespace: 'media',
  // The user, group and time zone that the apps run with: those that own your library.
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },

  // One entry an app; its name here names its objects, its file in dist/ and its Pulumi stack.
  apps: {
    jellyfin: jellyfin({
      // A tag that names one version. `latest` is refused, for it changes the app whenever a pod starts.
      image: 'lscr.io/linuxserver/jellyfin:10.11.5',
      // The app's settings and databases, on a LUN of the NAS. It holds an ext4 or XFS file system already: neither
      // the kubelet nor this description formats it.
      config: iscsi({
        name: 'jellyfin-config',
        targetPortal: `${nas}:3260`,
        iqn: 'iqn.2000-01.com.example:jellyfin',
        lun: 1,
        size: '10Gi',
      }),
      // Your library, as the NAS exports it.
      mounts: {
        '/media': { volume: inlineNfs({ server: nas, path: '/volume1/media' }), readOnly: true },
      },
      // The host name that your ingress controller serves. Without this line the app has a Service only.
      ingress: { hosts: ['jellyfin.example.com'] },
    }),
  },
});
