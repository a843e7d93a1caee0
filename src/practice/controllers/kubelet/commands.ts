import type {CommandResult} from '../../api/containers.ts';
import type {Files} from './files.ts';

/** What commands find out about the container they run in. */
export type Place = {
  readonly files: Files;
  readonly environment: ReadonlyMap<string, string>;
  readonly user: number;
  readonly group: number;
  readonly groups: readonly number[];
  readonly hostname: string;
  /** Command line of the container's program. */
  readonly program: string;
  /** Whether a shell and its tools are in the image. */
  readonly hasShell: boolean;
  /** Whether a write to this path is refused: a root file system that is read-only. */
  readonly isReadOnly: (path: string) => boolean;
};

type Command = (args: readonly string[], place: Place) => CommandResult;

const done = (stdout = ''): CommandResult => ({stdout, stderr: '', exitCode: 0});
const failed = (stderr: string, exitCode = 1, stdout = ''): CommandResult => ({
  stdout,
  stderr: `${stderr}\n`,
  exitCode,
});

const absolute = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

/** Names directly below a folder; undefined when there is no such folder. */
function namesIn({files, folders}: Files, path: string): readonly string[] | undefined {
  const prefix = path === '/' ? '/' : `${path}/`;
  const found = new Set<string>();
  for (const one of [...files.keys(), ...folders]) {
    if (one.startsWith(prefix) && one !== prefix) found.add(one.slice(prefix.length).split('/')[0]!);
  }
  return found.size > 0 || folders.has(path) || path === '/' ? [...found].sort() : undefined;
}

const account = (id: number): string => (id === 0 ? 'root' : '');
const withName = (id: number): string => (account(id) ? `${id}(${account(id)})` : String(id));

const commands: Readonly<Record<string, Command>> = {
  ls(args, {files}) {
    const flags = args.filter((one) => one.startsWith('-')).join('');
    const paths = args.filter((one) => !one.startsWith('-'));
    let stdout = '';
    let stderr = '';
    for (const given of paths.length > 0 ? paths : ['.']) {
      const path = absolute(given);
      const names = files.files.has(path) ? [given] : namesIn(files, path);
      if (!names) {
        stderr += `ls: ${given}: No such file or directory\n`;
        continue;
      }
      if (paths.length > 1) stdout += `${given}:\n`;
      for (const name of names) {
        const text = files.files.get(files.files.has(path) ? path : absolute(`${path}/${name}`));
        const mode = text === undefined ? 'drwxr-xr-x' : '-rw-r--r--';
        stdout += flags.includes('l')
          ? `${mode} 1 root root ${String(text?.length ?? 0).padStart(6)} ${name}\n`
          : `${name}\n`;
      }
    }
    return {stdout, stderr, exitCode: stderr ? 1 : 0};
  },
  cat(args, {files}) {
    let stdout = '';
    let stderr = '';
    for (const given of args) {
      const path = absolute(given);
      const text = files.files.get(path);
      if (text !== undefined) stdout += text;
      else if (namesIn(files, path)) stderr += 'cat: read error: Is a directory\n';
      else stderr += `cat: can't open '${given}': No such file or directory\n`;
    }
    return {stdout, stderr, exitCode: stderr ? 1 : 0};
  },
  env: (_args, {environment}) => done([...environment].map(([key, value]) => `${key}=${value}\n`).join('')),
  printenv(args, place) {
    if (args.length === 0) return commands.env!(args, place);
    const values = args.flatMap((name) => place.environment.get(name) ?? []);
    return {
      stdout: values.map((one) => `${one}\n`).join(''),
      stderr: '',
      exitCode: values.length < args.length ? 1 : 0,
    };
  },
  id(args, {user, group, groups}) {
    if (args[0] === '-u') return done(`${user}\n`);
    if (args[0] === '-g') return done(`${group}\n`);
    const all = [...new Set([group, ...groups])].map(withName).join(',');
    return done(`uid=${withName(user)} gid=${withName(group)} groups=${all}\n`);
  },
  whoami: (_args, {user}) =>
    account(user) ? done(`${account(user)}\n`) : failed(`whoami: unknown uid ${user}`),
  ps: (_args, {user, program}) =>
    done(
      `PID   USER     TIME  COMMAND\n    1 ${(account(user) || String(user)).padEnd(8)}  0:00 ${program}\n   17 ${(account(user) || String(user)).padEnd(8)}  0:00 ps\n`,
    ),
  hostname: (_args, {hostname}) => done(`${hostname}\n`),
  pwd: () => done('/\n'),
  date: () => done(`${new Date().toUTCString()}\n`),
  uname: (args) =>
    done(args.includes('-a') ? 'Linux practice 6.12.34 #1 SMP aarch64 GNU/Linux\n' : 'Linux\n'),
  true: () => done(),
  false: () => ({stdout: '', stderr: '', exitCode: 1}),
  echo: (args) => done(args[0] === '-n' ? args.slice(1).join(' ') : `${args.join(' ')}\n`),
  touch(args, place) {
    for (const given of args) {
      const path = absolute(given);
      if (place.isReadOnly(path)) return failed(`touch: ${given}: Read-only file system`);
      const folder = path.slice(0, path.lastIndexOf('/')) || '/';
      if (!namesIn(place.files, folder)) return failed(`touch: ${given}: No such file or directory`);
      if (place.user !== 0 && !place.files.folders.has(folder))
        return failed(`touch: ${given}: Permission denied`);
    }
    return failed('touch: the practice cluster keeps no files that are made by exec', 1);
  },
};

/** Runs a command as the container runtime would start it. */
export function runCommand(argv: readonly string[], place: Place): CommandResult {
  const [given = '', ...args] = argv;
  const name = given.replace(/^\/(usr\/)?bin\//, '');
  const notFound = {
    stdout: '',
    stderr: '',
    exitCode: 126,
    refused: `error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(given)}: ${given.startsWith('/') ? `stat ${given}: no such file or directory` : 'executable file not found in $PATH'}`,
  };
  if (!place.hasShell) return notFound;
  if (/^(ba|a|da)?sh$/.test(name)) {
    if (name === 'bash' || name === 'dash') return notFound;
    const at = args.findIndex((one) => /^-\w*c$/.test(one));
    return at >= 0 ? runScript(args[at + 1] ?? '', place) : done();
  }
  return Object.hasOwn(commands, name) ? commands[name]!(args, place) : notFound;
}

/** A line of a shell: simple commands with `;`, `&&` and `||`, quotes and variables. */
export function runScript(script: string, place: Place): CommandResult {
  let stdout = '';
  let stderr = '';
  let exitCode = 0;
  for (const {words, after, problem} of parse(script, place, () => exitCode)) {
    if ((after === '&&' && exitCode !== 0) || (after === '||' && exitCode === 0)) continue;
    if (problem !== undefined) return {stdout, stderr: `${stderr}sh: ${problem}\n`, exitCode: 2};
    const argv = words();
    const [name = ''] = argv;
    if (name === '') continue;
    if (name === 'exit') return {stdout, stderr, exitCode: Number(argv[1] ?? exitCode) % 256};
    const result = name === 'cd' ? done() : runCommand(argv, place);
    stdout += result.stdout;
    stderr += result.refused === undefined ? result.stderr : `sh: ${name}: not found\n`;
    exitCode = result.refused === undefined ? result.exitCode : 127;
  }
  return {stdout, stderr, exitCode};
}

type Simple = {readonly words: () => readonly string[]; readonly after: string; readonly problem?: string};

const token = /\s*(?:(;|\n|&&|\|\||[|&<>])|((?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s;&|<>"'\\])+))/gy;

function parse(script: string, place: Place, last: () => number): readonly Simple[] {
  const result: Simple[] = [];
  let words: string[] = [];
  let after = ';';
  const flush = (next: string): void => {
    const raw = words;
    result.push({words: () => raw.map((one) => expand(one, place, last)), after});
    words = [];
    after = next;
  };
  token.lastIndex = 0;
  const text = script.trimEnd();
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) return [{words: () => [], after: ';', problem: 'syntax error: unterminated quoted string'}];
    const [, operator, word] = match;
    if (word !== undefined) words.push(word);
    else if (operator === ';' || operator === '\n' || operator === '&&' || operator === '||') flush(operator);
    else
      return [
        {
          words: () => [],
          after: ';',
          problem: `the practice cluster's shell knows ";", "&&" and "||", and not ${JSON.stringify(operator)}`,
        },
      ];
  }
  flush(';');
  return result;
}

function expand(word: string, place: Place, last: () => number): string {
  const variables = (text: string): string =>
    text.replaceAll(/\$(?:\{(\w+)\}|(\w+)|(\?))/g, (_all, braced, plain, question) =>
      question ? String(last()) : (place.environment.get(braced ?? plain) ?? ''),
    );
  return word.replaceAll(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)|([^"'\\]+)/g,
    (_all, double, single, escaped, plain) => {
      if (double !== undefined) return variables(String(double).replaceAll(/\\(["\\$`])/g, '$1'));
      return single ?? escaped ?? variables(plain);
    },
  );
}
