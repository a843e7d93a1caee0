import type {Json, JsonObject} from '../../../engine/json.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';

const columnTexts = new WeakMap<ResourceInfo, string>();

/** Column definitions as JSON text. */
export function tableColumns(info: ResourceInfo): string {
  let text = columnTexts.get(info);
  if (text === undefined) {
    const columns =
      info.columns.length > 0 ? info.columns : [{name: 'Name', type: 'string', format: 'name', priority: 0}];
    text = JSON.stringify(
      columns.map(({name, type, format, priority}) => ({name, type, format, description: name, priority})),
    );
    columnTexts.set(info, text);
  }
  return text;
}

export type Row = {readonly cells: readonly Json[]; readonly conditions?: readonly JsonObject[]};

export function rowsOf(info: ResourceInfo, object: Stored): Row {
  return {cells: info.columns.map(({name}) => (name === 'Name' ? (object.metadata.name ?? '') : ''))};
}
