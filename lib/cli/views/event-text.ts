import { clock } from '../../core/clock';
import type { MigrationEvent, StepNews } from '../../migration/events';
import { unfencedText } from '../../migration/settle/fence-from-journal';
import { progressText } from './progress-text';

/** A line of progress. What happens around the time at which an app is down begins with the time of day, in UTC. */
export function eventText(event: MigrationEvent, app: string): string {
  if (event.type === 'step') return `${event.step.name} on ${event.step.node}${newsText(event.news)}`;
  if (event.type === 'verifying') return `verify on ${event.node}${newsText(event.news)}`;
  return `${new Date(clock.now()).toISOString().slice(11, 19)} ${textOf(event, app)}`;
}

function newsText(news: StepNews): string {
  if (news === 'begins') return ' …';
  return `: ${typeof news === 'string' ? news : progressText(news)}`;
}

function textOf(event: Exclude<MigrationEvent, { type: 'step' | 'verifying' }>, app: string): string {
  switch (event.type) {
    case 'fenced':
      return event.inForce
        ? `pods of the old volumes of ${app} are refused from now on`
        : 'this cluster has no ValidatingAdmissionPolicy: Lunward detects a pod that starts meanwhile, but cannot refuse it';
    case 'fenceNotProven':
      return event.reason;
    case 'unfenced':
      return unfencedText(event.claims);
    case 'notSettled':
      return `fence and lock file of ${app} may not match its journal: ${event.reason}. The next command for ${app} tries again`;
    case 'stopping':
      return `${event.owner}: stops ${app}`;
    case 'stopped':
      return `${app} is down: no pod, no mount and no session is left on any node`;
    case 'sealed':
      return `${event.volume} is sealed on ${event.node}: ${event.files} files, equal to the last byte`;
    case 'resealed':
      return `${event.volume} is sealed again on ${event.node}, as attempt ${event.attempt}, with what the app left there`;
    case 'heldBack':
      return event.inForce
        ? `pods of ${app} are refused until its file systems are checked`
        : 'this cluster has no ValidatingAdmissionPolicy: Lunward detects a pod that starts meanwhile, but cannot refuse it';
    case 'checked':
      return `${event.volume}: its file system was checked on ${event.node}, ${event.result === 'changed' ? 'and errors were repaired' : 'and nothing is wrong with it'}: ${event.said}`;
    case 'released':
      return `the new volumes are released: no node ${event.hasLuns ? 'is logged in to them' : 'has them mounted'}`;
    case 'starting':
      return `${app} is being started on ${event.claims.join(', ')}`;
    case 'runsAlready':
      return `${app} runs on ${event.claims.join(', ')} already: Lunward checks it there and does not restart it`;
    case 'ready':
      return `${app} is Ready: pod ${event.pod} on ${event.node}`;
    case 'unhealthy':
      return `${event.found}; rolling back`;
    case 'notMoved':
      return `${app} could not be moved: ${event.reason}; starting it again on its old volumes`;
    case 'sealNotRead':
      return `node ${event.node} could not be asked whether ${event.volume} was sealed (${event.reason}). ${app} runs on its old volumes; once the node answers, "lunward abort ${app}" gives up that copy`;
    case 'loggedOut':
      return `${event.node} was still logged in to ${event.iqn} without using it: logged out now`;
    case 'notAbandoned':
      return `${event.volume} could not be marked as given up, so its guard may still accept attempt ${event.attempt}: ${event.reason}`;
    case 'leftCluster':
      return `${event.claim}: ${event.result === 'changed' ? 'removed from the cluster' : 'was removed before'}`;
  }
}
