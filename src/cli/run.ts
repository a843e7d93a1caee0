import {UsageError} from './choice.ts';
import {exitCodes} from './exit-codes.ts';
import {type Invocation, program} from './program.ts';
import {version} from './version.ts';

/** Runs one command line. Returns the exit code. @throws what `tell` knows how to tell. */
export async function run(words: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const commands = program(version(), async (invocation) => {
    exitCode = await perform(invocation);
  });
  await commands.parseAsync([...words], {from: 'user'});
  return exitCode;
}

async function perform(invocation: Invocation): Promise<number> {
  switch (invocation.command) {
    case 'version':
      process.stdout.write(`kubekata ${version()}\n`);
      return exitCodes.ok;
    case 'practice': {
      const {resetPractice, servePractice} = await import('./practice.ts');
      return invocation.reset ? resetPractice() : servePractice();
    }
    case 'controls': {
      const {printControls} = await import('./catalogue.ts');
      return printControls();
    }
    case 'explain': {
      const {printExplanation} = await import('./catalogue.ts');
      return printExplanation(invocation.control);
    }
    case 'scan': {
      if (invocation.choice === undefined) {
        throw new UsageError(
          'Say what to scan: --practice, --context NAME, --kubeconfig FILE or --manifests PATH.',
        );
      }
      const {printScan} = await import('./print-scan.ts');
      return printScan({...invocation, choice: invocation.choice, guide: false});
    }
    case 'walk': {
      if (process.stdin.isTTY && process.stdout.isTTY) {
        const {walk} = await import('./walk.ts');
        return walk(invocation);
      }
      const {printScan} = await import('./print-scan.ts');
      return printScan({
        choice: invocation.choice ?? {kind: 'practice'},
        framework: invocation.framework,
        format: 'table',
        output: undefined,
        failUnder: undefined,
        requireEvaluated: false,
        guide: true,
      });
    }
  }
}
