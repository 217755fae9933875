import { defineCluster, inlineNfs, iscsi, jellyfin } from 'lunward';

// Your media cluster. Every value below is an example: replace it with your own, then run `npm run check`.
// The address of your NAS. iSCSI needs an IP address here, not a name: a node finds the disk by it.
const nas = '192.0.2.200';

export default defineCluster({
  // The context in your kubeconfig (`kubectl config get-contexts`). Without this line the current context is used.
  context: 'home',
  // The namespace of the apps. Write { name: 'media', existing: true } if it already exists.
  namespace: 'media',
  // The user, group and time zone that the apps run with. The user and group must own your library.
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },

  // One entry for each app. Its key names its objects, its file in dist/ and its Pulumi stack.
  apps: {
    jellyfin: jellyfin({
      // A tag that names one version. `latest` is refused, because it changes the app whenever a pod starts.
      image: 'lscr.io/linuxserver/jellyfin:10.11.5',
      // The app's settings and databases, on a LUN of the NAS. The LUN must already hold an ext4 or XFS file system:
      // neither the kubelet nor this description formats it.
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
      // The host name that your ingress controller serves. Without this line the app has only a Service.
      ingress: { hosts: ['jellyfin.example.com'] },
    }),
  },
});
