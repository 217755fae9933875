import { defineApp } from './define-app';
import { seerr } from './seerr';

/**
 * Jellyseerr: the predecessor of Seerr for Jellyfin and Emby. Same facts as Seerr, except for the user: its image has
 * no `USER` in its Dockerfile, so it runs as root or as the user that the pod sets.
 *
 * Sources, in Jellyseerr's repository before it became Seerr: `Dockerfile`, `server/datasource.ts`.
 */
export const jellyseerr = defineApp({ ...seerr.facts, name: 'jellyseerr', fixedUser: undefined });
