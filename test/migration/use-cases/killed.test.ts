import { it } from 'vitest';
import { useFastClock } from '../clock';
import { everyUseCase } from './every-use-case';
import { killedAnywhere } from './killed-anywhere';

useFastClock();

it.each(everyUseCase)(
  '%s that is killed after any change and run again ends like an undisturbed one',
  (_, { volumes, newWorld, run }) => killedAnywhere(volumes, newWorld, run),
);
