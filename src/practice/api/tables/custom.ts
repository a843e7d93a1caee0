import {asObject, isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import type {Column} from '../resources.ts';
import {since} from './duration.ts';

/** Values at a simple JSONPath: `.spec.a`, `.status.conditions[?(@.type=="Ready")].status`, `.items[0]`, `.list[*].x`. */
export function jsonPath(object: JsonObject, path: string): readonly Json[] {
  const steps =
    path.match(
      /\.?\[\?\(@\.([\w.-]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\]|\[(?:\d+|\*)\]|\['[^']+'\]|\.(?:\\.|[^.[\]])+/g,
    ) ?? [];
  let current: readonly Json[] = [object];
  for (const step of steps) {
    current = current.flatMap((value): readonly Json[] => {
      const filter = /\[\?\(@\.([\w.-]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\]/.exec(step);
      if (filter) {
        const wanted = filter[2] ?? filter[3] ?? '';
        return isArray(value) ? value.filter((item) => String(asObject(item)[filter[1]!]) === wanted) : [];
      }
      const index = /^\[(\d+|\*)\]$/.exec(step);
      if (index) {
        if (!isArray(value)) return [];
        const item = value[Number(index[1])];
        return index[1] === '*' ? value : item === undefined ? [] : [item];
      }
      const key = step.startsWith("['") ? step.slice(2, -2) : step.slice(1).replaceAll('\\.', '.');
      const found = asObject(value)[key];
      return found === undefined ? [] : [found];
    });
  }
  return current;
}

/** Cells of a custom resource, from its additional printer columns. */
export const customCells = (columns: readonly Column[], object: JsonObject): readonly Json[] =>
  columns.map((column) => cell(column, object));

function cell(column: Column, object: JsonObject): Json {
  if (column.jsonPath === undefined) return asObject(object.metadata).name ?? '';
  const [value] = jsonPath(object, column.jsonPath);
  if (value === undefined || value === null) return null;
  if (column.type === 'date') return since(value);
  if (column.type === 'string' && (isObject(value) || isArray(value))) return JSON.stringify(value);
  return column.type === 'string' ? String(value) : value;
}
