import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The package folder of a module below node_modules; undefined for our own. */
function packageOf(id) {
  const at = id.lastIndexOf('/node_modules/');
  if (at < 0) return undefined;
  const [first, second] = id.slice(at + '/node_modules/'.length).split('/');
  return join(id.slice(0, at), 'node_modules', first.startsWith('@') ? `${first}/${second}` : first);
}

/** Names, versions and licences of the packages that these modules are from: their licences ask for it. */
export function notices(moduleIds) {
  const folders = new Set(moduleIds.map((id) => packageOf(id.replaceAll('\\', '/'))).filter(Boolean));
  return [...folders]
    .sort()
    .map((folder) => {
      const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const files = existsSync(folder)
        ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file))
        : [];
      const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
      return [`${name} ${version} (${license})`, ...texts].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(76)}\n\n`)
    .concat('\n');
}
