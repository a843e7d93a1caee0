import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export type StudyShell = {
  /** The drill's work folder. */
  readonly folder: string;
  /** Folder with the files of the nodes, one folder per node. */
  readonly nodes: string | undefined;
  /** KUBECONFIG among others. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `the practice cluster`. */
  readonly where: string;
};

/** As in the exam: `k` is kubectl, `ssh NODE` steps onto a node (its files), completion works where bash has it. */
const startUp = `
[ -r /etc/bash.bashrc ] && . /etc/bash.bashrc
[ -r ~/.bashrc ] && . ~/.bashrc
export KUBECONFIG="$KUBEKATA_KUBECONFIG"
alias k=kubectl
if type _get_comp_words_by_ref >/dev/null 2>&1; then
  . <(kubectl completion bash 2>/dev/null) && complete -o default -F __start_kubectl k
fi
ssh() {
  if [ -n "$NODES" ] && [ -d "$NODES/\${1:-}" ]; then
    echo "The files of $1: etc is its /etc, var its /var. exit comes back."
    (cd "$NODES/$1" && KUBEKATA_AT="$1" exec bash --rcfile "$KUBEKATA_RC" -i)
  else
    echo "ssh: no node \${1:-}. Nodes: $(ls "$NODES" 2>/dev/null | tr '\\n' ' ')" >&2
    return 1
  fi
}
command -v kubectl >/dev/null || echo "kubectl is not on your PATH. Install it (kubernetes.io/docs/tasks/tools), then open this shell again."
PS1="\${KUBEKATA_AT:-study}:\\W$ "
`;

/** Runs bash for a drill, until the person leaves it. */
export async function runStudyShell({folder, nodes, environment, where}: StudyShell): Promise<void> {
  const own = mkdtempSync(join(tmpdir(), 'kubekata-shell-'));
  const file = join(own, 'bashrc');
  writeFileSync(file, startUp, {mode: 0o600});
  process.stdout.write(
    `A shell on ${where}, in the work folder of the task. k is kubectl${nodes ? ', ssh NODE steps onto a node' : ''}; exit comes back.\n`,
  );
  try {
    await new Promise<void>((resolve) => {
      const child = spawn('bash', ['--rcfile', file, '-i'], {
        stdio: 'inherit',
        cwd: folder,
        env: {
          ...environment,
          KUBEKATA_KUBECONFIG: environment.KUBECONFIG,
          KUBEKATA_RC: file,
          WORK: folder,
          NODES: nodes ?? '',
        },
      });
      child.on('error', (error) => {
        process.stdout.write(`bash can't be started: ${error.message}\n`);
        resolve();
      });
      child.on('exit', () => resolve());
    });
  } finally {
    rmSync(own, {recursive: true, force: true});
  }
}
