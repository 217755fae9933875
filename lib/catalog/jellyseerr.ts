import { defineApp } from './define-app';
import { seerr } from './seerr';

/**
 * Jellyseerr: the older Seerr, for Jellyfin and Emby. As Seerr but for the user: its image runs as root or as whom it
 * is told (no `USER` in its Dockerfile).
 *
 * Sources, in Jellyseerr's repository before it became Seerr: `Dockerfile`, `server/datasource.ts`.
 */
export const jellyseerr = defineApp({ ...seerr.facts, name: 'jellyseerr', fixedUser: undefined });
