import { defineApp } from './define-app';
import { seerr } from './seerr';

/**
 * Overseerr: the predecessor of Seerr for Plex. Same facts as Seerr, except for the user: the official image has no
 * `USER` in its Dockerfile, so it runs as root or as the user that the pod sets. The LinuxServer image has its settings
 * in /config instead.
 *
 * Sources, in Overseerr's repository: `Dockerfile`, `server/datasource.ts`.
 */
export const overseerr = defineApp({ ...seerr.facts, name: 'overseerr', fixedUser: undefined });
