import { defineApp } from './define-app';
import { seerr } from './seerr';

/**
 * Overseerr: the older Seerr, for Plex. As Seerr but for the user: its official image runs as root or as whom it is
 * told (no `USER` in its Dockerfile). The LinuxServer image keeps its settings at /config instead.
 *
 * Sources, in Overseerr's repository: `Dockerfile`, `server/datasource.ts`.
 */
export const overseerr = defineApp({ ...seerr.facts, name: 'overseerr', fixedUser: undefined });
