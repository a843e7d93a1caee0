import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {objectYaml} from '../engine/diff.ts';
import type {ScanResult} from '../engine/scan.ts';
import type {Plan} from '../fix/plan.ts';
import {sourcePatch} from '../fix/source-patch.ts';
import {scanHtml} from '../report/html.ts';
import {scanMarkdown} from '../report/markdown.ts';
import {asciiControls, plainTexts} from '../report/plain.ts';
import {scanReport} from '../report/scan-json.ts';
import type {TuiOptions} from './options.ts';

/** Writes the fields of a plan as patches for the source of its objects. Returns what to say. */
export async function writePatch(plan: Plan, title: string, options: TuiOptions): Promise<string> {
  const patches = plan.items.flatMap((item) => sourcePatch(item) ?? []);
  if (patches.length === 0) throw new Error('No step of this change can be written as a patch.');
  const name = `kubekata-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.yaml`;
  const text = patches
    .map(({patch, left}) => `---\n${left.map((one) => `# ${one}\n`).join('')}${objectYaml(patch)}\n`)
    .join('');
  try {
    await writeFile(join(options.folderForFiles, name), text, {flag: 'wx'});
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new Error(`${name} is there already. Move it away, then press p again.`, {cause});
  }
  return `Wrote ${name} for ${patches.length} ${patches.length === 1 ? 'object' : 'objects'}.`;
}

/** Writes the ClusterRole for a scan, or for fixes. Returns what to say. */
export async function writeRole(purpose: 'scan' | 'fix', options: TuiOptions): Promise<string> {
  const text = options.role?.(purpose);
  if (text === undefined) throw new Error('kubekata rbac prints the ClusterRole.');
  const name = `kubekata-${purpose}-role.yaml`;
  await writeFile(join(options.folderForFiles, name), text);
  return `Wrote ${name}. An administrator applies it with kubectl apply -f ${name}, and binds it as its head tells. Then press ctrl-r.`;
}

/** Writes the scan as JSON, HTML or Markdown, as the file's name says. Returns what to say. */
export async function writeReport(
  scan: ScanResult,
  target: string,
  file: string,
  options: TuiOptions,
): Promise<string> {
  const report = scanReport(scan, target);
  const text = file.endsWith('.json')
    ? asciiControls(`${JSON.stringify(report, null, 2)}\n`)
    : file.endsWith('.html')
      ? scanHtml(plainTexts(report), options.version)
      : scanMarkdown(plainTexts(report));
  await writeFile(join(options.folderForFiles, file), text);
  return `Wrote ${file}.`;
}
