// Writes src/practice/data/flags.json: the flags of the control plane's programs with their types, as `--help` of the
// programs in ../shared/cluster tells them. Run again when the version of Kubernetes changes.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = execFileSync(join(root, '../shared/cluster/bin.sh'), {encoding: 'utf8'}).trim();
const programs = {};
for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
  const help = execFileSync(join(folder, name), ['--help'], {encoding: 'utf8'});
  const flags = {};
  for (const [, flag, type = ''] of help.matchAll(/^ +(?:-\w, )?--([\w-]+)(?: (?!\s)(\S+))? {2}/gm))
    flags[flag] = type.startsWith('[') || type === '' ? 'bool' : type;
  programs[name] = flags;
}
writeFileSync(join(root, 'src/practice/data/flags.json'), `${JSON.stringify(programs)}\n`);
