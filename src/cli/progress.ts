type Stream = {readonly isTTY?: boolean; write(text: string): unknown};

/**
 * Says on a terminal what is going on, once it takes longer than a moment; anywhere else, and under CI, nothing. The line
 * is gone when `stop` returns.
 */
export function showProgress(
  what: string,
  stream: Stream = process.stderr,
  environment: NodeJS.ProcessEnv = process.env,
): {stop(): void} {
  if (!stream.isTTY || environment.CI || environment.TERM === 'dumb') return {stop: () => {}};
  let seconds = 0;
  let isShown = false;
  const show = () => {
    stream.write(`\r${what}${seconds === 0 ? '' : `, ${seconds} s`}\u001B[K`);
    isShown = true;
    seconds += 1;
  };
  const first = setTimeout(show, 400);
  const timer = setInterval(show, 1000);
  return {
    stop() {
      clearTimeout(first);
      clearInterval(timer);
      if (isShown) stream.write('\r\u001B[K');
    },
  };
}
