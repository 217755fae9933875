import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort, MediaApps } from './media-app-process';

const apps = new MediaApps();

describe('settings of Jellyfin', () => {
  const jellyfin = { APP_NAME: 'jellyfin', APP_SETTINGS: 'config/database.xml' };
  const settings = () => join(apps.config, 'config/database.xml');
  const write = (type: string, behavior: string) => {
    mkdirSync(join(apps.config, 'config'));
    writeFileSync(
      settings(),
      `<?xml version="1.0" encoding="utf-8"?>\n<DatabaseConfigurationOptions>\n  <DatabaseType>${type}</DatabaseType>\n` +
        `  <LockingBehavior>${behavior}</LockingBehavior>\n</DatabaseConfigurationOptions>`,
    );
  };

  it('are created at the first start', async () => {
    const app = await apps.start(jellyfin);
    await app.whenLogged(/The database locking mode has been set to: NoLock\./);
    expect(readFileSync(settings(), 'utf8')).toMatch(
      /^<\?xml version="1\.0" encoding="utf-8"\?>\n<DatabaseConfigurationOptions .*\n {2}<DatabaseType>Jellyfin-SQLite<\/DatabaseType>\n {2}<LockingBehavior>NoLock</,
    );
  });

  it('are used and left unchanged', async () => {
    write('Jellyfin-SQLite', 'Optimistic');
    const before = readFileSync(settings(), 'utf8');
    const app = await apps.start(jellyfin);
    await app.whenLogged(/The database locking mode has been set to: Optimistic\./);
    await app.whenHealth('/health', 200);
    expect((await app.get('/health'))?.body).toBe('Healthy');
    expect(readFileSync(settings(), 'utf8')).toBe(before);
  });

  it.each([
    ['Default', /\(4, 45\)\.\n ---> .*Instance validation error: 'Default' is not a valid value for DatabaseLocking/],
    ['</Locking', / ---> System\.Xml\.XmlException: /],
  ])('with the locking behaviour %s are an error, and are created again', async (behavior, error) => {
    write('Jellyfin-SQLite', behavior);
    const app = await apps.start(jellyfin);
    await app.whenLogged(/\[ERR\] Error loading configuration file: .*\/config\/database\.xml\nSystem\.Invalid/);
    await app.whenLogged(error);
    await app.whenLogged(/The database locking mode has been set to: NoLock\./);
    expect(readFileSync(settings(), 'utf8')).toContain('<LockingBehavior>NoLock</LockingBehavior>');
  });

  it('of an unknown database end the start', async () => {
    write('Oracle', 'NoLock');
    const app = await apps.start(jellyfin);
    expect(await app.end()).toBe(1);
    expect(app.log).toContain(
      "[FTL] System.InvalidOperationException: Jellyfin cannot find the database provider of type 'Oracle'",
    );
  });
});

describe('settings of Sonarr and its kin', () => {
  const sonarr = { APP_NAME: 'sonarr', APP_SETTINGS: 'config.xml', APP_HEALTH_PATH: '/ping' };
  const settings = () => join(apps.config, 'config.xml');

  it('are created at the first start and kept', async () => {
    const app = await apps.start(sonarr);
    await app.whenHealth('/ping', 200);
    expect((await app.get('/ping'))?.body).toBe('{"status":"OK"}');
    const made = readFileSync(settings(), 'utf8');
    expect(made).toMatch(
      new RegExp(`^<Config>\n  <Port>${app.port}</Port>\n  <ApiKey>[0-9a-f]{32}</ApiKey>\n(  .*\n)*</Config>$`),
    );
    await app.end('SIGTERM');
    const again = await apps.start(sonarr, { port: app.port });
    await again.whenHealth('/ping', 200);
    expect(readFileSync(settings(), 'utf8')).toBe(made);
  });

  it('override the image, keep unknown entries, and set the base path', async () => {
    const port = await freePort();
    writeFileSync(
      settings(),
      `<Config><Port>${port}</Port><UrlBase>/tv</UrlBase><LaunchBrowser>True</LaunchBrowser></Config>`,
    );
    const app = await apps.start({ ...sonarr, APP_PORT: '1' }, { port });
    await app.whenHealth('/tv/ping', 200);
    expect(await app.get('/ping')).toMatchObject({ status: 307, location: '/tv/ping' });
    expect(readFileSync(settings(), 'utf8')).toContain('<LaunchBrowser>True</LaunchBrowser>');
  });

  it.each([
    ['', 'is empty. Please delete the config file and Sonarr will recreate it.'],
    ['<Config><Port>8989</Config>', 'is corrupt is invalid. Please delete the config file'],
    ['<Config><Port>high</Port></Config>', "Port: the input string 'high' was not in a correct format"],
  ])('with "%s" prevent the start', async (text, error) => {
    writeFileSync(settings(), text);
    const app = await apps.start(sonarr);
    expect(await app.end()).toBe(1);
    expect(app.log).toMatch(/\[FTL\] /);
    expect(app.log).toContain(error);
  });
});
