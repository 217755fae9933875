import type { CoreV1Event, V1ObjectMeta } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };

/** What was told of an object, the latest first. Of another object that had its name before, nothing. */
export function eventsOf(events: readonly CoreV1Event[], kind: string, object: V1ObjectMeta = {}): CoreV1Event[] {
  return events
    .filter(
      ({ involvedObject: about }) =>
        about.kind === kind &&
        about.name === object.name &&
        about.namespace === object.namespace &&
        (about.uid === undefined || about.uid === object.uid),
    )
    .sort((one, other) => timeOf(other) - timeOf(one));
}

// Which of them is there depends on who wrote it. Lists of events come with their times as text.
function timeOf({ series, lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return time === undefined ? 0 : new Date(time).getTime();
}

/** What a program said: the last line of it that is not empty, which is where the cause stands. */
export function lastLine(message = ''): string {
  const line = message.trim().split('\n').at(-1)?.trim() ?? '';
  const text = line.replace(/^Output: /, '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 300;
