/** Writes to stdout and waits until it is out. A reader that went away (`| head`) ends the writing and nothing else. */
export const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error && !isClosedPipe(error) ? reject(error) : resolve()));
  });

/** Talk, which never mixes with the data. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** A reader that went away is no mistake of ours: without a listener the process would end with a stack trace. */
export function allowClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error;
    });
  }
}

const isClosedPipe = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
