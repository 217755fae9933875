import type { CoreV1Event, V1ObjectMeta } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };

/** The events of an object, the latest first. An earlier object with the same name does not count. */
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

// Which of these fields is set depends on the event's author. Lists of events have times as text.
function timeOf({ series, lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return time === undefined ? 0 : new Date(time).getTime();
}

/** The last line of a program's output that is not empty: it names the cause. Shortened to 300 characters. */
export function lastLine(message = ''): string {
  const line = message.trim().split('\n').at(-1)?.trim() ?? '';
  const text = line.replace(/^Output: /, '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 300;
