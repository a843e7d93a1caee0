import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {duplicate, forbiddenField, invalidValue, required} from '../api-error.ts';
import {checkLabelName, checkOneOf, type Errors} from './rules.ts';

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** The names of the volumes that are there to be mounted. The server looks at the sources in its own order. */
export function validateVolumes(spec: JsonObject, field: string, errors: Errors): Set<string> {
  const names = new Set<string>();
  for (const [index, item] of asArray(spec.volumes).entries()) {
    const volume = asObject(item);
    const at = `${field}[${index}]`;
    validateSource(volume, at, errors);
    const name = asString(volume.name);
    checkLabelName(name, `${at}.name`, names, errors, duplicate(`${at}.name`, name));
  }
  return names;
}

const order = ['emptyDir', 'hostPath'];

function validateSource(volume: JsonObject, at: string, errors: Errors): void {
  const given = Object.keys(volume)
    .filter((key) => key !== 'name' && isObject(volume[key]))
    .sort((a, b) => rank(a) - rank(b));
  if (given.length === 0) errors.push(required(at, 'must specify a volume type'));
  for (const [index, key] of given.entries()) {
    const source = asObject(volume[key]);
    if (index > 0) errors.push(forbiddenField(`${at}.${key}`, 'may not specify more than 1 volume type'));
    else checkSource(key, source, `${at}.${key}`, errors);
  }
}

const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);

function checkSource(key: string, source: JsonObject, at: string, errors: Errors): void {
  switch (key) {
    case 'hostPath': {
      const path = asString(source.path);
      if (path === '') {
        errors.push(required(`${at}.path`));
        return;
      }
      if (path.split('/').includes('..'))
        errors.push(invalidValue(`${at}.path`, path, "must not contain '..'"));
      checkOneOf(source.type, hostPathTypes, `${at}.type`, errors);
      return;
    }
    case 'secret':
      if (!asString(source.secretName)) errors.push(required(`${at}.secretName`));
      checkItems(source, at, errors);
      return;
    case 'configMap':
      if (!asString(source.name)) errors.push(required(`${at}.name`));
      checkItems(source, at, errors);
      return;
    case 'persistentVolumeClaim':
      if (!asString(source.claimName)) errors.push(required(`${at}.claimName`));
      return;
    case 'nfs':
      if (!asString(source.server)) errors.push(required(`${at}.server`));
      if (!asString(source.path)) errors.push(required(`${at}.path`));
      else if (!asString(source.path).startsWith('/'))
        errors.push(invalidValue(`${at}.path`, source.path, 'must be an absolute path'));
      return;
    default:
  }
}

function checkItems(source: JsonObject, at: string, errors: Errors): void {
  const mode = source.defaultMode;
  if (typeof mode === 'number' && (mode < 0 || mode > 0o777))
    errors.push(
      invalidValue(`${at}.defaultMode`, mode, 'must be a number between 0 and 0777 (octal), both inclusive'),
    );
  for (const [index, item] of asArray(source.items).entries()) {
    const {key, path} = asObject(item);
    if (!asString(key)) errors.push(required(`${at}.items[${index}].key`));
    if (!asString(path)) errors.push(required(`${at}.items[${index}].path`));
    else if (asString(path).startsWith('/'))
      errors.push(invalidValue(`${at}.items[${index}].path`, path, 'must be a relative path'));
  }
}
