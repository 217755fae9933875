import { expect } from 'vitest';
import type { Fault } from '../../fault';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import type { LabFixture } from './fixture';
import { holdPods } from './held-pods';
import { expectNothingLeftOn } from './nothing-left';
import type { Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';

/** A move of Jellyfin, prepared by two operators on two machines, of whom only one knows what the other has done. */
export class TroubledMove {
  first!: Operator;
  second!: Operator;
  lun!: Lun;
  /** With an empty file system. */
  other!: Lun;
  /** Digest of the approved plan. */
  digest!: string;
  readonly seen: ReturnType<typeof seenJellyfin>;

  constructor(readonly fixture: LabFixture) {
    this.seen = seenJellyfin(fixture);
  }

  get nas() {
    return this.fixture.lab.nas;
  }

  async noSession(): Promise<void> {
    await until('no session', 120, async () => (await this.nas.sessions()).length === 0);
  }

  /** A move during which something happens that must stop it. @returns why it ended */
  async fails(words: string, work: (said: () => string) => Promise<unknown>): Promise<string> {
    const { code, stdout, stderr } = await this.meanwhile(words, work);
    console.log(stdout, stderr);
    expect(code, stdout).not.toBe(0);
    return stderr;
  }

  /** So a move that stops the app waits for them. Lunward waits more than a minute. */
  holdPods(): Promise<Fault> {
    return holdPods(this.fixture.lab);
  }

  private meanwhile(words: string, work: Parameters<Operator['meanwhile']>[1]) {
    return this.first.meanwhile(words, work, 'migrate', 'jellyfin', '--approve', this.digest);
  }

  async stateInJournal(): Promise<string> {
    return (await this.seen.journal()).volumes['jellyfin-config-2'].at(-1).state;
  }

  /** It runs where it ran, and the attempt has left nothing on nodes and NAS but a copy that is not sealed. */
  async expectAsBefore(): Promise<void> {
    expect([await this.seen.replicas(), await this.seen.claimOfPods()]).toEqual(['1', 'jellyfin-config']);
    await this.seen.rowsGoOn();
    expect(await this.stateInJournal()).toBe('prepared');
    await this.noSession();
    await expectNothingLeftOn(this.fixture.lab.node('node-a'));
    const policies = await this.fixture.lab.kubectl(['get', 'validatingadmissionpolicy', '-o', 'name']);
    expect(policies).not.toContain('lunward');
  }

  /** Begins to move the app, and is killed once the app is down. */
  async killedOnceDown(): Promise<void> {
    const ended = await this.meanwhile('jellyfin is down', async (_, kill) => kill());
    expect(ended.code, ended.stderr).toBe('SIGKILL');
    expect([await this.seen.replicas(), await this.seen.claimOfPods()]).toEqual(['0', '']);
  }
}
