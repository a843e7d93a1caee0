import {exitCodes} from './exit-codes.ts';
import {allowClosedPipes} from './stdout.ts';

allowClosedPipes();
const words = process.argv.slice(2);
if (words.length === 1 && words[0] === '--version') {
  const {version} = await import('./version.ts');
  process.stdout.write(`kubekata ${version()}\n`);
} else {
  const {run} = await import('./run.ts');
  process.exitCode = await run(words).catch(async (error: unknown) => {
    const {tell} = await import('./problems.ts');
    return tell(error, (text) => process.stderr.write(text));
  });
  // Keep-alive sockets of a target must not hold the process; stdout has been written by now.
  if (process.exitCode !== exitCodes.ok || !process.stdout.writableNeedDrain) process.exit();
}
