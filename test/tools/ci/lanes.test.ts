import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inLanes } from '../../../tools/ci/lanes';

test.each([
  [1, ['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']],
  [2, ['1 begins', '2 begins', '2 ends', '3 begins', '3 ends', '1 ends']],
  [9, ['1 begins', '2 begins', '3 begins', '2 ends', '3 ends', '1 ends']],
])('%i lanes start items in order, and a free lane takes the next one', async (lanes, expected) => {
  const log: string[] = [];
  const milliseconds = [300, 20, 60];
  const results = await inLanes([1, 2, 3], lanes, async (item) => {
    log.push(`${item} begins`);
    await sleep(milliseconds[item - 1]);
    log.push(`${item} ends`);
    return item * 10;
  });
  expect(log).toEqual(expected);
  expect(results).toEqual([10, 20, 30]);
});
