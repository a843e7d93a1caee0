import {type RawGroup, Registry} from './resources.ts';
import {Schema, type SchemaData} from './schema.ts';

/** The kinds and types of the API, from the generated data. */
export async function loadRegistry(): Promise<Registry> {
  const [schema, resources] = await Promise.all([
    import('../data/schema.json', {with: {type: 'json'}}),
    import('../data/resources.json', {with: {type: 'json'}}),
  ]);
  const data: SchemaData = schema.default;
  const groups: readonly RawGroup[] = resources.default;
  return new Registry(new Schema(data), groups);
}
