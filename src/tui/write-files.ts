import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {objectYaml} from '../engine/diff.ts';
import type {JsonObject} from '../engine/json.ts';
import type {ScanResult} from '../engine/scan.ts';
import {formatScore} from '../engine/score.ts';
import type {Plan} from '../fix/plan.ts';
import type {TuiOptions} from './options.ts';

/** Writes the objects of a plan as they would be, for `kubectl apply` or a repository. Returns what to say. */
export async function writePatch(plan: Plan, title: string, options: TuiOptions): Promise<string> {
  const objects = plan.items.flatMap(({after}) => (after === undefined ? [] : [after]));
  const name = `kubekata-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.yaml`;
  const text = objects.map((object) => `---\n${objectYaml(withoutServerFields(object))}\n`).join('');
  await writeFile(join(options.folderForFiles, name), text, {flag: 'wx'}).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST'
        ? new Error(`${name} is there already. Move it away, then press p again.`)
        : error;
    },
  );
  return `Wrote ${name} for ${objects.length} ${objects.length === 1 ? 'object' : 'objects'}.`;
}

function withoutServerFields(object: JsonObject): JsonObject {
  const {status: _status, ...rest} = object;
  const metadata = object.metadata as JsonObject | undefined;
  if (metadata === undefined) return rest;
  const {
    uid: _uid,
    resourceVersion: _version,
    generation: _generation,
    creationTimestamp: _at,
    ...kept
  } = metadata;
  return {...rest, metadata: kept};
}

/** Writes the scan as a table of Markdown, or as JSON where the file's name says so. Returns what to say. */
export async function writeReport(scan: ScanResult, file: string, options: TuiOptions): Promise<string> {
  const score = formatScore(scan.framework.scoring, scan.score);
  const rows = scan.controls.map(({entry, status, failed, excluded, all, compliance}) => ({
    id: entry.id,
    name: entry.title,
    status,
    failed,
    excluded,
    all,
    compliance: Math.floor(compliance * 100) / 100,
  }));
  const text = file.endsWith('.json')
    ? `${JSON.stringify({framework: scan.framework.id, score: scan.score, controls: rows}, null, 2)}\n`
    : [
        `# kubekata, ${scan.framework.title}`,
        '',
        `Score ${score}.`,
        '',
        '| control | failed | excluded | all | score |',
        '| --- | --- | --- | --- | --- |',
        ...rows.map(
          (row) =>
            `| ${row.id} ${row.name} | ${row.failed} | ${row.excluded} | ${row.all} | ${row.compliance}% |`,
        ),
        '',
      ].join('\n');
  await writeFile(join(options.folderForFiles, file), text);
  return `Wrote ${file}.`;
}
