import {exitCodes} from './exit-codes.ts';
import {defaultScenario, notStarted, practiceDirectory, practicePlace} from './practice-host.ts';
import {type PracticeService, startPracticeService} from './practice-service.ts';

/**
 * Serves the practice cluster until SIGINT or SIGTERM. stdout has the line to paste, stderr the talk. There are no keys
 * to answer, so it needs no thread of its own, which would take a fifth of the start.
 */
export async function servePractice(): Promise<number> {
  const practice = await startPracticeService(practicePlace(defaultScenario)).catch(
    (error: unknown): PracticeService => {
      throw notStarted(error instanceof Error ? error.message : String(error));
    },
  );
  const {promise: asked, resolve: stop} = Promise.withResolvers<void>();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stderr.write(
    `The practice cluster ${defaultScenario} answers at ${practice.url}. In another terminal:\n\n`,
  );
  process.stdout.write(`export KUBECONFIG=${shellQuote(practice.kubeconfig)}\n`);
  process.stderr.write('\nctrl-c stops it. What you changed is kept; kubekata practice reset starts over.\n');
  await Promise.race([asked, practice.failed]);
  await practice.stop();
  return exitCodes.ok;
}

/** Throws the state of the practice cluster away; the next start makes it anew. */
export async function resetPractice(): Promise<number> {
  const {resetPracticeDirectory} = await import('../practice/practice-cluster.ts');
  await resetPracticeDirectory(practiceDirectory());
  process.stderr.write('The practice cluster starts over the next time it is opened.\n');
  return exitCodes.ok;
}

const shellQuote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
