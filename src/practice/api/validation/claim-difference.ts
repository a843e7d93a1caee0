import {structuredPatch} from 'diff';
import {asObject, isObject, type Json, type JsonObject} from '../../../engine/json.ts';

const capital = (key: string): string => `${key[0]!.toUpperCase()}${key.slice(1)}`;

function internal(value: Json | undefined): Json {
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [capital(key), internal(item)]));
}

/** Maps are written in the order of their keys. */
const sorted = (map: Json | undefined): Json =>
  isObject(map) ? Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))) : null;

/** A claim's spec with all fields of the server's own type, in their order. */
function whole(spec: JsonObject): Json {
  const {limits, requests} = asObject(spec.resources);
  return {
    AccessModes: spec.accessModes ?? null,
    Selector: internal(spec.selector),
    Resources: {Limits: sorted(limits), Requests: sorted(requests)},
    VolumeName: spec.volumeName ?? '',
    StorageClassName: spec.storageClassName ?? null,
    VolumeMode: spec.volumeMode ?? null,
    DataSource: internal(spec.dataSource),
    DataSourceRef: internal(spec.dataSourceRef),
    VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
  };
}

/** What changed, as the server shows it in the refusal. */
export function claimDifference(before: JsonObject, after: JsonObject): string {
  const text = (spec: JsonObject): string => `${JSON.stringify(whole(spec), null, 1)}\n`;
  const {hunks} = structuredPatch('', '', text(before), text(after), '', '', {context: 3});
  return hunks
    .map(
      ({oldStart, oldLines, newStart, newLines, lines}) =>
        `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${lines.join('\n')}\n`,
    )
    .join('');
}
