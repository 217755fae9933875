/** Tells a person what goes on: one line a piece, and on a terminal the time that passes. */
export interface Progress {
  say(text: string): void;
  /** Runs `work` under a line of its own. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

export const silent: Progress = {
  say: () => {},
  step: (_title, work) => work(),
};

export function lines(stream: NodeJS.WriteStream = process.stderr): Progress {
  return {
    say: (text) => void stream.write(`${text}\n`),
    async step(title, work) {
      const start = performance.now();
      const elapsed = () => duration(performance.now() - start);
      const show = () => stream.write(`\r  ${title.padEnd(38)} ${elapsed().padEnd(12)}`);
      const timer = stream.isTTY ? setInterval(show, 1000) : undefined;
      if (!stream.isTTY) stream.write(`  ${title} …\n`);
      let word = 'failed';
      try {
        const result = await work();
        word = 'done';
        return result;
      } finally {
        clearInterval(timer);
        stream.write(`${stream.isTTY ? '\r' : ''}  ${title.padEnd(38)} ${`${word} in ${elapsed()}`.padEnd(24)}\n`);
      }
    },
  };
}

export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
