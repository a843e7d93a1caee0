import {Argument, Command, type CommandUnknownOpts, Option} from '@commander-js/extra-typings';
import {didYouMean} from '../engine/text.ts';
import {choiceOf, type TargetOptions, UsageError} from './choice.ts';
import {
  type DisplayOptions,
  type FixOptions,
  type Format,
  formats,
  type Invocation,
  keepHows,
  type Shell,
  shells,
} from './invocation.ts';
import {
  answer,
  contextOption,
  controlOption,
  day,
  entryNumber,
  exceptionsOption,
  frameworkOption,
  guardOption,
  kubeconfigOption,
  manifestsOption,
  namespaceOption,
  nodesProxyOption,
  objectOption,
  practiceOption,
  score,
} from './options.ts';

export type {Invocation} from './invocation.ts';

const severities = ['low', 'medium', 'high', 'critical'] as const;

const plain = (name: string) =>
  new Command(name).helpOption('-h, --help', 'print this help').helpCommand(false).exitOverride();

const targetCommand = (name: string) =>
  plain(name)
    .addOption(practiceOption())
    .addOption(contextOption())
    .addOption(kubeconfigOption())
    .addOption(manifestsOption())
    .addOption(nodesProxyOption());

const scopedCommand = (name: string) =>
  targetCommand(name)
    .addOption(frameworkOption())
    .addOption(controlOption())
    .addOption(namespaceOption())
    .addOption(exceptionsOption());

const scopeOf = (options: {
  readonly framework?: string | undefined;
  readonly control?: string[] | undefined;
  readonly namespace?: string[] | undefined;
  readonly object?: string[] | undefined;
  readonly exceptions?: string | undefined;
}) => ({
  framework: options.framework,
  controls: options.control ?? [],
  namespaces: options.namespace ?? [],
  objects: options.object ?? [],
  exceptions: options.exceptions,
});

type Run = (invocation: Invocation) => Promise<void>;

/**
 * The command line. `run` gets what was asked for; help, typos and bad values are answered by commander, which
 * throws CommanderError where it would exit. `name` is how it was called: as a plugin, `kubectl kata`.
 */
export function program(version: string, run: Run, name = 'kubekata') {
  const root = targetCommand(name)
    .description('Walk the NSA/CISA controls from the lowest score: understand, fix, watch the score rise.')
    .version(`kubekata ${version}`, '--version', 'print the version')
    // Options after a command are the command's: both have --manifests.
    .enablePositionalOptions()
    .addOption(frameworkOption())
    .addOption(
      new Option('--theme <name>', 'colours').choices(['auto', 'dark', 'light'] as const).default('auto'),
    )
    .option('--colour-blind', 'colours that differ for every kind of colour vision', false)
    .option('--no-icons', 'ASCII only')
    .option('--screen-reader', 'one column of sentences, for screen readers', false)
    .option('--read-only', 'nothing can be applied', false)
    .addOption(guardOption())
    .addOption(namespaceOption())
    .addOption(exceptionsOption());

  root.allowExcessArguments().action((options, {args}) => {
    const [unknown] = args;
    if (unknown !== undefined) throw unknownCommand(unknown, root, name);
    return run({
      command: 'walk',
      choice: choiceOf(options),
      framework: options.framework,
      display: displayOf(options),
    });
  });
  // As with kubectl, the target may also stand before the command.
  const choose = (options: TargetOptions) => choiceOf({...targetOf(root.opts()), ...targetOf(options)});

  root.addCommand(scanCommand(run, choose, () => root.opts().framework));
  root.addCommand(fixCommand(run, choose, () => root.opts().framework));
  root.addCommand(
    targetCommand('undo')
      .description('list what was applied to a target, or take one change back')
      .argument('[number]', 'of the change; without it all are listed', entryNumber)
      .option('--yes', 'do not ask', false)
      .action((number, options) => run({command: 'undo', choice: choose(options), number, yes: options.yes})),
  );
  for (const command of plainCommands(run)) root.addCommand(command);
  root.addCommand(studyCommand(run, () => displayOf(root.opts())));
  return root;
}

const displayOf = (options: {
  readonly theme: string;
  readonly colourBlind: boolean;
  readonly icons: boolean;
  readonly screenReader: boolean;
  readonly readOnly: boolean;
  readonly guard?: boolean | undefined;
  readonly nodesProxy?: boolean | undefined;
  readonly exceptions?: string | undefined;
}): DisplayOptions => ({
  theme: options.theme as DisplayOptions['theme'],
  colourBlind: options.colourBlind,
  icons: options.icons,
  screenReader: options.screenReader,
  readOnly: options.readOnly,
  guard: options.guard === true,
  nodesProxy: options.nodesProxy === true,
  exceptions: options.exceptions,
});

const studyCommand = (run: Run, display: () => DisplayOptions) =>
  plain('study')
    .description('study for the CKS: drills with real kubectl, cards, exams; on the practice cluster')
    .addOption(contextOption())
    .addOption(kubeconfigOption())
    .option('--list', 'print what there is to learn for each competency', false)
    .addOption(
      new Option('--format <format>', 'how to print the list').choices(['table', 'json']).default('table'),
    )
    .option('--export <file>', 'write your progress to a file, - is stdout')
    .option('--import <file>', 'take your progress from such a file')
    .action((options) =>
      run({
        command: 'study',
        context: options.context,
        kubeconfig: options.kubeconfig,
        list: options.list,
        format: options.format as 'table' | 'json',
        exportTo: options.export,
        importFrom: options.import,
        display: display(),
      }),
    );

function unknownCommand(typed: string, root: CommandUnknownOpts, name: string): UsageError {
  const close = didYouMean(
    typed,
    root.commands.map((command) => command.name()),
  );
  const hint = close ? ` Did you mean ${close}?` : '';
  return new UsageError(`There is no command ${JSON.stringify(typed)}.${hint} ${name} --help lists them.`);
}

const targetOf = ({
  practice,
  context,
  kubeconfig,
  manifests,
  namespace,
  nodesProxy,
}: TargetOptions): TargetOptions => ({
  ...(practice === undefined ? {} : {practice}),
  ...(context === undefined ? {} : {context}),
  ...(kubeconfig === undefined ? {} : {kubeconfig}),
  ...(manifests === undefined ? {} : {manifests}),
  ...(namespace === undefined ? {} : {namespace}),
  ...(nodesProxy === undefined ? {} : {nodesProxy}),
});

type Choose = (options: TargetOptions) => ReturnType<typeof choiceOf>;
type Framework = () => string | undefined;

const scanCommand = (run: Run, choose: Choose, framework: Framework) =>
  scopedCommand('scan')
    .description('scan once and print the result; data goes to stdout, talk to stderr')
    .addOption(new Option('--format <format>', 'how to print it').choices(formats).default('table'))
    .option('--output <file>', 'write to a file instead of stdout')
    .option('--fail-under <score>', 'exit with 1 when the score is below', score)
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit with 1 when a control of this severity, or higher, fails',
      ).choices(severities),
    )
    .option('--baseline <file>', 'a JSON report from earlier: tell what is new since')
    .option('--require-evaluated', 'exit with 3 when a control could not be evaluated', false)
    .action((options) =>
      run({
        command: 'scan',
        choice: choose(options),
        ...scopeOf({...options, framework: options.framework ?? framework()}),
        format: options.format as Format,
        output: options.output,
        failUnder: options.failUnder,
        failOn: options.failOn as (typeof severities)[number] | undefined,
        baseline: options.baseline,
        requireEvaluated: options.requireEvaluated,
      }),
    );

const fixCommand = (run: Run, choose: Choose, framework: Framework) =>
  scopedCommand('fix')
    .addOption(objectOption())
    .description('show the change of each failing object and ask; automatic fixes, and those to review')
    .option('--yes', 'do not ask: apply automatic fixes, and what --include adds', false)
    .addOption(
      new Option(
        '--include <kind...>',
        'with --yes: also fixes to review, that recreate objects, or of objects that Helm or Argo CD own',
      ).choices(['review', 'recreate', 'owned'] as const),
    )
    .option('--dry-run', 'write nothing; print a patch that git apply takes', false)
    .addOption(guardOption())
    .addOption(
      new Option(
        '--keep <how>',
        'then keep it so: Pod Security labels, or policies that warn of, or refuse, what would fail again',
      ).choices(keepHows),
    )
    .option(
      '--answer <question=value>',
      'what only you know, as "memory limit=256Mi"; can be repeated',
      answer,
      new Map() as ReadonlyMap<string, string>,
    )
    .action((options) =>
      run({
        command: 'fix',
        choice: choose(options),
        ...scopeOf({...options, framework: options.framework ?? framework()}),
        yes: options.yes,
        include: (options.include ?? []) as FixOptions['include'],
        dryRun: options.dryRun,
        guard: options.guard === true,
        keep: options.keep as FixOptions['keep'],
        answers: options.answer,
      }),
    );

function plainCommands(run: Run): readonly CommandUnknownOpts[] {
  const practice = plain('practice')
    .description('serve the practice cluster for kubectl, until ctrl-c')
    .action(() => run({command: 'practice', reset: false}));
  practice
    .command('reset')
    .description('start the practice cluster over: all that was changed in it is lost')
    .action(() => run({command: 'practice', reset: true}));
  const exceptions = plain('exceptions').description('accepted findings, in kubekata.yaml');
  exceptions
    .command('import')
    .description('take over the exceptions of kubescape (JSON)')
    .argument('<file>', 'their file')
    .option('--into <file>', 'the file to add them to', 'kubekata.yaml')
    .option('--until <date>', 'their end where they have none: a date as 2027-05-23, or never', day, 'never')
    .action((file, {into, until}) => run({command: 'import-exceptions', file, into, until}));
  const controls = plain('controls')
    .description('list all controls')
    .addOption(
      new Option('--format <format>', 'how to print them').choices(['table', 'json']).default('table'),
    )
    .action(({format}) => run({command: 'controls', format: format as 'table' | 'json'}));
  const rbac = plain('rbac')
    .description('print the least ClusterRole that a scan, or a fix, needs')
    .addOption(new Option('--for <purpose>', 'what it is for').choices(['scan', 'fix']).default('scan'))
    .action((options) => run({command: 'rbac', purpose: options.for as 'scan' | 'fix'}));
  return [
    plain('explain')
      .argument('<control>', 'its id, such as C-0034')
      .description('tell what a control means, why it matters and how to meet it')
      .action((control) => run({command: 'explain', control})),
    controls,
    practice,
    exceptions,
    rbac,
    plain('completion')
      .description('print completion for a shell')
      .addArgument(new Argument('<shell>').choices(shells))
      .action((shell) => run({command: 'completion', shell: shell as Shell})),
    plain('version')
      .description('print the version')
      .action(() => run({command: 'version'})),
  ];
}
